namespace EdgeGuard.Bundles.Model;

/// <summary>What one request costs.</summary>
/// <param name="Key">Where the cost is read, or null for <paramref name="Fixed"/>. A header or query parameter.</param>
/// <param name="Fixed">The fixed cost, above 0.</param>
/// <param name="Default">Cost when the value is missing or not a sane number, above 0.</param>
/// <param name="Min">Least cost a client may claim, above 0.</param>
public sealed record CostSource(DescriptorKey? Key, double Fixed, double Default, double Min)
{
    /// <summary>Every request costs one.</summary>
    public static CostSource One { get; } = new(null, 1, 1, 1);
}
