namespace EdgeGuard.Contracts;

/// <summary>What a holder was given of one key beyond its standing share.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Key">As in <see cref="LeaseReport"/>.</param>
/// <param name="Window">Start of the window, Unix seconds.</param>
/// <param name="Total">Sum of all grants so far, cost units. Never falls.</param>
public sealed record LeaseGrant(string Budget, string Key, long Window, long Total);
