namespace EdgeGuard.Edge.Leases;

/// <summary>A standing share as it is kept.</summary>
/// <param name="Ppm">Millionths of a budget.</param>
/// <param name="First">First window, Unix seconds.</param>
/// <param name="Last">Last window, Unix seconds.</param>
internal sealed record LeaseShare(int Ppm, long First, long Last);
