namespace EdgeGuard.Engine.Leases;

/// <summary>A standing share: what of each key's budget may be spent in each window of a range without asking.</summary>
/// <param name="SharePpm">Millionths, 0 to 1 000 000.</param>
/// <param name="FirstWindow">First window, by its start in Unix seconds.</param>
/// <param name="LastWindow">Last window, by its start in Unix seconds.</param>
public readonly record struct LeaseSpan(int SharePpm, long FirstWindow, long LastWindow);
