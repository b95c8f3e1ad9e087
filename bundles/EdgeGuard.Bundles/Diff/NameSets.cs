using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Lists whose order means nothing.</summary>
internal static class NameSets
{
    /// <summary>A list of what is accepted: more of it loosens.</summary>
    /// <param name="changes">Where to tell it.</param>
    /// <param name="path">Its place.</param>
    /// <param name="before">What it held.</param>
    /// <param name="after">What it holds.</param>
    /// <param name="emptyIsAny">Whether an empty list accepts everything.</param>
    public static void Accepted(ChangeList changes, string path, ImmutableArray<string> before, ImmutableArray<string> after, bool emptyIsAny = false)
    {
        var was = before.ToHashSet(StringComparer.Ordinal);
        var now = after.ToHashSet(StringComparer.Ordinal);
        var opens = emptyIsAny && (was.Count == 0) != (now.Count == 0) ? now.Count == 0 : now.IsProperSupersetOf(was);
        var closes = emptyIsAny && (was.Count == 0) != (now.Count == 0) ? was.Count == 0 : now.IsProperSubsetOf(was);
        changes.Value(path, Show(was), Show(now), opens ? Effects.Loosens : closes ? Effects.Tightens : string.Empty);
    }

    /// <summary>A list of what is refused: more of it tightens.</summary>
    public static void Refused(ChangeList changes, string path, ImmutableArray<string> before, ImmutableArray<string> after)
    {
        var was = before.ToHashSet(StringComparer.Ordinal);
        var now = after.ToHashSet(StringComparer.Ordinal);
        var effect = now.IsProperSupersetOf(was) ? Effects.Tightens : now.IsProperSubsetOf(was) ? Effects.Loosens : string.Empty;
        changes.Value(path, Show(was), Show(now), effect);
    }

    private static string? Show(HashSet<string> values) => values.Count == 0 ? null : string.Join(", ", values.Order(StringComparer.Ordinal));
}
