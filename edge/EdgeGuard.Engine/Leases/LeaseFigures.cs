namespace EdgeGuard.Engine.Leases;

/// <summary>What this edge has of one key in one window, in millionths of a unit.</summary>
/// <param name="Standing">Its standing share.</param>
/// <param name="Granted">What it was granted beyond that, in all.</param>
/// <param name="Returned">What it has given back and will never spend.</param>
/// <param name="Spent">What it has spent.</param>
public readonly record struct LeaseFigures(long Standing, long Granted, long Returned, long Spent)
{
    /// <summary>What it may still spend; below zero after usage that was only known afterwards.</summary>
    public long Left => Standing + Granted - Returned - Spent;
}
