namespace EdgeGuard.Contracts;

/// <summary>Somebody else needs what is not spent of this key: it is given back, standing share and grants.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Key">As in <see cref="LeaseReport"/>.</param>
/// <param name="Window">Start of the window, Unix seconds.</param>
/// <param name="Tier">
/// As whoever wants it reported: a holder that has never seen the key cannot know its plan, and returns its standing share of this one's numbers.
/// What is returned beyond what the plane gave counts for nothing.
/// </param>
public sealed record LeaseRecall(string Budget, string Key, long Window, string? Tier = null);
