namespace EdgeGuard.Contracts;

/// <summary>
/// A share of every key of one budget that a holder may spend in each window of a range, without asking. Of several that cover a window, in one document or
/// in several, the largest holds: so the plane counts the largest that it ever sent for a window.
/// </summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="SharePpm">Millionths of the key's budget, 0 to 1 000 000, rounded down to a unit. The budget is the lowest threshold that rejects, if <c>staged_actions</c> have one.</param>
/// <param name="FirstWindow">First window, by its start, Unix seconds.</param>
/// <param name="LastWindow">Last window, by its start, Unix seconds.</param>
public sealed record LeaseStanding(string Budget, int SharePpm, long FirstWindow, long LastWindow);
