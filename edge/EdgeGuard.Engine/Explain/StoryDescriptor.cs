namespace EdgeGuard.Engine.Explain;

/// <summary>A descriptor that a rule read.</summary>
/// <param name="Key">Such as <c>header:x-api-key</c>.</param>
/// <param name="Use"><c>match</c> or <c>limit_key</c>.</param>
/// <param name="State"><c>present</c>, <c>missing</c>, <c>unverifiable</c>, or <c>not_kept</c>.</param>
/// <param name="ValueHash">Keyed hash of the value: equal values have equal ones, for one process. Null when there is none.</param>
/// <param name="Holds">Of a match: whether it holds. Null when that was not kept.</param>
public sealed record StoryDescriptor(string Key, string Use, string State, string? ValueHash, bool? Holds);
