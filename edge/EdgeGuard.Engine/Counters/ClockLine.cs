namespace EdgeGuard.Engine.Counters;

/// <summary>How the clock of one boot of the machine is read as a time.</summary>
/// <param name="Boot">The boot.</param>
/// <param name="Anchor">Nanoseconds since the Unix epoch at which that boot's clock stood at zero.</param>
public readonly record struct ClockLine(UInt128 Boot, long Anchor);
