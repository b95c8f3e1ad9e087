namespace EdgeGuard.Engine.Counters;

/// <summary>Costs in the units of a counter.</summary>
internal static class CostUnits
{
    /// <summary>Units of a cost in tokens, rounded up, at least one and at most <see cref="BucketScale.MaxCost"/>.</summary>
    /// <param name="tokens">Cost in tokens.</param>
    /// <param name="unitsPerToken">Units in a token.</param>
    /// <param name="coarse">Whether a unit is several nanoseconds, so that one more is charged for rounding.</param>
    public static ulong Of(decimal tokens, ulong unitsPerToken, bool coarse)
    {
        // Beyond twice any burst the exact number makes no difference, and the product could overflow a decimal.
        var approximate = (double)tokens * unitsPerToken;
        if (approximate >= BucketScale.MaxCost)
        {
            return BucketScale.MaxCost;
        }

        var units = (ulong)decimal.Ceiling(tokens * unitsPerToken) + (coarse ? 1UL : 0UL);
        return Math.Max(units, 1);
    }
}
