namespace EdgeGuard.ControlPlane.Leases;

/// <summary>One window of a budget.</summary>
/// <param name="Start">Its first second, Unix time: what it is named by.</param>
/// <param name="End">The first second after it.</param>
internal readonly record struct LeaseWindow(long Start, long End);
