using System.Globalization;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Explain;

/// <summary>Names of what a recorded decision holds as numbers.</summary>
internal readonly struct StoryNames(PolicySnapshot? snapshot)
{
    public string Policy(int policy) => snapshot is not null && (uint)policy < (uint)snapshot.PolicyCount ? snapshot.PolicyId(policy) : Number(policy);

    public string Rule(int rule) => snapshot is not null && (uint)rule < (uint)snapshot.RuleCount ? snapshot.RuleName(rule) : Number(rule);

    /// <summary>Name of a limit within its rule or policy; null when it is the only one.</summary>
    public string? LimitOrNull(int limit) =>
        snapshot is not null && (uint)limit < (uint)snapshot.LimitCount && snapshot.LimitName(limit) is { Length: > 0 } name ? name : null;

    /// <summary>Key of a descriptor, or null.</summary>
    public string? DescriptorOrNull(int slot) => snapshot is not null && (uint)slot < (uint)snapshot.Facts.Slots.Length ? snapshot.Facts.Slots[slot].ToString() : null;

    public string? PolicyOrNull(int policy) => policy == Decision.None ? null : Policy(policy);

    public string? RuleOrNull(int rule) => rule == Decision.None ? null : Rule(rule);

    // Its bundle is no longer kept: the number still tells it from others.
    private static string Number(int index) => string.Create(CultureInfo.InvariantCulture, $"#{index}");
}
