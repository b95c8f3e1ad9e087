namespace EdgeGuard.Contracts;

/// <summary>Nothing is given of a budget until a time: after a restore the plane does not know what it gave before.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Until">Unix seconds.</param>
public sealed record LeaseFreeze(string Budget, long Until);
