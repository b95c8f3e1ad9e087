namespace EdgeGuard.Options;

/// <summary>Files that tell what is known of addresses (<c>data_files.*</c>); empty for none.</summary>
public sealed record DataFileOptions
{
    /// <summary>Networks with countries.</summary>
    public string Country { get; init; } = string.Empty;

    /// <summary>Networks with numbers of autonomous systems.</summary>
    public string Asn { get; init; } = string.Empty;

    /// <summary>Networks or autonomous systems with kinds of network.</summary>
    public string Type { get; init; } = string.Empty;

    /// <summary>Addresses of exits of the Tor network.</summary>
    public string Tor { get; init; } = string.Empty;
}
