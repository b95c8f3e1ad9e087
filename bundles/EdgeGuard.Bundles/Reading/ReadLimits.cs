namespace EdgeGuard.Bundles.Reading;

/// <summary>Bounds that are checked while a document is read, before anything is built from it.</summary>
/// <param name="MaxBytes">Size of the text in bytes.</param>
/// <param name="MaxDepth">Nesting of maps and lists.</param>
/// <param name="MaxNodes">Values in all, aliases expanded; in YAML, where a key may be an alias, keys count too.</param>
/// <param name="MaxStringLength">Length of one string in UTF-16 units.</param>
public sealed record ReadLimits(int MaxBytes, int MaxDepth, int MaxNodes, int MaxStringLength)
{
    /// <summary>Bounds for a bundle: 32 MiB, 32 levels, 4 million values, 64 Ki characters a string.</summary>
    public static ReadLimits Bundle { get; } = new(32 * 1024 * 1024, 32, 4_000_000, 64 * 1024);

    /// <summary>Bounds for options: 1 MiB, 16 levels, 20 000 values, 16 Ki characters a string.</summary>
    public static ReadLimits Options { get; } = new(1024 * 1024, 16, 20_000, 16 * 1024);
}
