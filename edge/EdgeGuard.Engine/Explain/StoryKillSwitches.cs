namespace EdgeGuard.Engine.Explain;

/// <summary>What was looked at before any policy.</summary>
/// <param name="Considered">Kill switches that were held, of the bundle, pushed and local.</param>
/// <param name="Matched">Id of the one that refused, or null.</param>
/// <param name="Origin"><c>bundle</c>, <c>pushed</c> or <c>local</c>, or null.</param>
/// <param name="Why">In words.</param>
public sealed record StoryKillSwitches(int Considered, string? Matched, string? Origin, string Why);
