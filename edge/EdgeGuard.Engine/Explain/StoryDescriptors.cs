using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Explain;

/// <summary>What a step's rule read, from the marks that were kept.</summary>
internal static class StoryDescriptors
{
    public static ImmutableArray<StoryDescriptor> Of(RecordedDecision recorded, in DecisionStep step)
    {
        if (recorded.Snapshot?.Policy is not { } policy || (uint)step.Rule >= (uint)policy.Rules.Length)
        {
            return [];
        }

        var rule = policy.Rules[step.Rule];
        var slots = recorded.Snapshot.Facts.Slots;
        var descriptors = ImmutableArray.CreateBuilder<StoryDescriptor>();
        foreach (var match in rule.Match)
        {
            var key = slots[match.Slot];
            var mark = MarkOf(recorded.Marks, match.Slot);
            bool? holds = mark is not { } kept || kept.State == FactState.Unverifiable
                ? null
                : kept.State == FactState.Present && kept.Hash == FactMarks.Hash(recorded.MarkKey, key.Kind, match.Value);
            descriptors.Add(Descriptor(key, "match", mark, holds));
        }

        foreach (var slot in rule.LimitSlots)
        {
            descriptors.Add(Descriptor(slots[slot], "limit_key", MarkOf(recorded.Marks, slot), null));
        }

        return descriptors.ToImmutable();
    }

    private static StoryDescriptor Descriptor(DescriptorKey key, string use, FactMark? mark, bool? holds) => new(
        key.ToString(),
        use,
        mark?.State switch
        {
            null => "not_kept",
            FactState.Present => "present",
            FactState.Unverifiable => "unverifiable",
            _ => "missing",
        },
        mark is { State: FactState.Present } present ? present.Hash.ToString("x16", CultureInfo.InvariantCulture) : null,
        holds);

    private static FactMark? MarkOf(ImmutableArray<FactMark> marks, int slot)
    {
        foreach (var mark in marks)
        {
            if (mark.Slot == slot)
            {
                return mark;
            }
        }

        return null;
    }
}
