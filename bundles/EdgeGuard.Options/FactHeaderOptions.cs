namespace EdgeGuard.Options;

/// <summary>Headers by which trusted proxies tell what they know of addresses (<c>fact_headers.*</c>); empty for none.</summary>
public sealed record FactHeaderOptions
{
    public string Country { get; init; } = "X-Country-Code";

    public string Asn { get; init; } = "X-ASN";

    public string Type { get; init; } = string.Empty;

    public string Tor { get; init; } = "X-Tor-Exit";
}
