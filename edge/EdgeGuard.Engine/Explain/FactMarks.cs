using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Explain;

/// <summary>Turns the facts that a decision read into marks that tell equal values from different ones, and nothing else of them.</summary>
public static class FactMarks
{
    /// <summary>Notes the facts that the considered rules read, each once; allocates nothing.</summary>
    /// <param name="snapshot">What was decided by.</param>
    /// <param name="facts">The facts, still as they were decided on.</param>
    /// <param name="steps">What was considered.</param>
    /// <param name="key">Secret of the process: without it the value behind a mark cannot be found by trying.</param>
    /// <param name="marks">Where they go; what does not fit is left out.</param>
    /// <returns>How many there are.</returns>
    public static int Fill(PolicySnapshot snapshot, FactSet facts, ReadOnlySpan<DecisionStep> steps, UInt128 key, Span<FactMark> marks)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(facts);
        if (snapshot.Policy is not { } policy)
        {
            return 0;
        }

        var count = 0;
        foreach (ref readonly var step in steps)
        {
            if (step.Outcome == StepOutcome.Killed)
            {
                continue;
            }

            if ((uint)step.Rule < (uint)policy.Rules.Length)
            {
                foreach (ref readonly var match in policy.Rules[step.Rule].Match.AsSpan())
                {
                    Add(snapshot, facts, match.Slot, key, marks, ref count);
                }
            }

            foreach (var slot in StoryDescriptors.Counted(policy, in step))
            {
                Add(snapshot, facts, slot, key, marks, ref count);
            }

            if (count == marks.Length)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Mark of a value.</summary>
    internal static ulong Hash(UInt128 key, DescriptorKind kind, ReadOnlySpan<byte> value) =>
        SipHash.LowOf(key, (ulong)kind | ((ulong)(uint)value.Length << 32), value);

    private static void Add(PolicySnapshot snapshot, FactSet facts, int slot, UInt128 key, Span<FactMark> marks, ref int count)
    {
        if ((uint)slot >= (uint)facts.Count)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            if (marks[i].Slot == slot)
            {
                return;
            }
        }

        if (count < marks.Length)
        {
            var state = facts.StateOf(slot);
            var hash = state == FactState.Present ? Hash(key, snapshot.Facts.Slots[slot].Kind, facts.ValueOf(slot)) : 0;
            marks[count++] = new FactMark(slot, state, hash);
        }
    }
}
