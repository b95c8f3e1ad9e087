namespace EdgeGuard.Engine.Decide;

/// <summary>What an edge has of a fleet-wide budget at a decision, in thousandths of a unit.</summary>
/// <param name="State">Whether the limit is fleet-wide here, and why nothing more can be had if so.</param>
/// <param name="Allowance">What it may spend in this window in all, with what it has given back.</param>
/// <param name="Standing">What of it is its standing share; the rest was granted.</param>
public readonly record struct LeaseReading(LeaseState State, long Allowance, long Standing)
{
    /// <summary>What was granted beyond the standing share.</summary>
    public long Granted => Allowance - Standing;
}
