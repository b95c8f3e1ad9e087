using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Explain;

/// <summary>What a step's rule read, from the marks that were kept.</summary>
internal static class StoryDescriptors
{
    public static ImmutableArray<StoryDescriptor> Of(RecordedDecision recorded, in DecisionStep step)
    {
        if (recorded.Snapshot?.Policy is not { } policy)
        {
            return [];
        }

        var slots = recorded.Snapshot.Facts.Slots;
        var descriptors = ImmutableArray.CreateBuilder<StoryDescriptor>();
        if ((uint)step.Rule < (uint)policy.Rules.Length)
        {
            foreach (var match in policy.Rules[step.Rule].Match)
            {
                var mark = MarkOf(recorded.Marks, match.Slot);
                descriptors.Add(Descriptor(slots[match.Slot], "match", mark, Holds(recorded, in step, in match, mark)));
            }
        }

        foreach (var slot in Counted(policy, in step))
        {
            descriptors.Add(Descriptor(slots[slot], "limit_key", MarkOf(recorded.Marks, slot), null));
        }

        return descriptors.ToImmutable();
    }

    /// <summary>Slots that a step counts by: its limit's, or those of all limits of the rule when it did not come to one.</summary>
    public static int[] Counted(CompiledPolicy policy, in DecisionStep step) =>
        (uint)step.Limit < (uint)policy.Limits.Length ? policy.Limits[step.Limit].Slots
        : (uint)step.Rule < (uint)policy.Rules.Length ? policy.Rules[step.Rule].LimitSlots
        : [];

    // A rule is left at the first condition that does not hold, and the step names it; those after it are told by their marks.
    private static bool? Holds(RecordedDecision recorded, in DecisionStep step, in CompiledMatch match, FactMark? mark)
    {
        if (step.Outcome == StepOutcome.NotMatched && step.Slot == match.Slot)
        {
            return false;
        }

        return mark is not { } kept || kept.State == FactState.Unverifiable
            ? null
            : kept.State == FactState.Present
                && kept.Hash == FactMarks.Hash(recorded.MarkKey, recorded.Snapshot!.Facts.Slots[match.Slot].Kind, match.Value);
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
