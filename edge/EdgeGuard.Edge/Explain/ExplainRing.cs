using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Edge.Explain;

/// <summary>
/// A ring of preallocated blocks: writers take positions in order, so the oldest goes first. No lock and no allocation. A writer owns a block
/// only after one compare-and-swap of its tag; whoever finds a block in use (the ring turned round while another was writing) drops its own
/// entry and says so. A reader copies and then looks whether the tag is still the same.
/// </summary>
internal sealed class ExplainRing
{
    /// <summary>Most blocks of one entry, hence 64 steps; a bundle of which more rules are for one request is told in part.</summary>
    private const int MaxBlocks = 8;

    private readonly ExplainBlock[] _blocks;
    private readonly long _keepNanoseconds;
    private long _next;
    private long _dropped;

    /// <summary>A ring.</summary>
    /// <param name="bytes">Memory that it takes, at least room for a few entries.</param>
    /// <param name="keepNanoseconds">Entries younger than this are counted when they are overwritten.</param>
    public ExplainRing(long bytes, long keepNanoseconds)
    {
        // Pinned, because the collector moves other large arrays when it compacts: then all pages of a ring are resident, 8 MiB, before anything was written to it.
        _blocks = GC.AllocateArray<ExplainBlock>((int)Math.Max(MaxBlocks * 2, bytes / Unsafe.SizeOf<ExplainBlock>()), pinned: true);
        _keepNanoseconds = keepNanoseconds;
    }

    /// <summary>Most steps of one entry.</summary>
    public static int MaxSteps => MaxBlocks * StepBuffer.Capacity;

    /// <summary>Blocks that there are.</summary>
    public int Capacity => _blocks.Length;

    /// <summary>Memory of the blocks.</summary>
    public long Bytes => (long)_blocks.Length * Unsafe.SizeOf<ExplainBlock>();

    /// <summary>Entries that were overwritten, or found no room, before their time.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Writes an entry; false when it had to be dropped.</summary>
    public bool TryAdd(ref EntryHead head, ReadOnlySpan<DecisionStep> steps, ReadOnlySpan<FactMark> marks)
    {
        head.StepsConsidered = steps.Length;
        head.StepsKept = Math.Min(steps.Length, MaxSteps);
        head.Marks = marks.Length;
        var count = Math.Max(1, (head.StepsKept + StepBuffer.Capacity - 1) / StepBuffer.Capacity);
        var first = Interlocked.Add(ref _next, count) - count;
        for (var i = 0; i < count; i++)
        {
            if (!TryClaim(first + i, head.Nanoseconds))
            {
                Release(first, i);
                Interlocked.Increment(ref _dropped);
                return false;
            }
        }

        for (var i = 0; i < count; i++)
        {
            ref var block = ref BlockAt(first + i);
            block.IsHead = i == 0;
            var from = i * StepBuffer.Capacity;
            steps[from..Math.Min(from + StepBuffer.Capacity, head.StepsKept)].CopyTo(block.Steps);
        }

        KeepDenial(first, steps, head.StepsKept);
        ref var begin = ref BlockAt(first);
        begin.Head = head;
        marks.CopyTo(begin.Marks);
        for (var i = count - 1; i >= 0; i--)
        {
            Volatile.Write(ref BlockAt(first + i).Tag, first + i + 1);
        }

        return true;
    }

    /// <summary>Newest position that was given out; entries are at and below it.</summary>
    public long Newest => Interlocked.Read(ref _next) - 1;

    /// <summary>Position of what a place holds now, or -1. It may be older than a whole turn, if its successor had to be dropped.</summary>
    public long PositionAt(int place) => Math.Max(0, Volatile.Read(ref _blocks[place].Tag)) - 1;

    /// <summary>The head of the entry that begins at a position, if one does and is still there.</summary>
    public bool TryReadHead(long position, out EntryHead head)
    {
        head = default;
        if (position < 0)
        {
            return false;
        }

        ref var block = ref BlockAt(position);
        if (Volatile.Read(ref block.Tag) != position + 1 || !block.IsHead)
        {
            return false;
        }

        head = block.Head;
        return IsStill(position);
    }

    /// <summary>Steps and marks of the entry at a position, whose head was read; false when it has gone meanwhile.</summary>
    public bool TryReadRest(long position, in EntryHead head, out DecisionStep[] steps, out FactMark[] marks)
    {
        steps = new DecisionStep[head.StepsKept];
        marks = new FactMark[head.Marks];
        ref var begin = ref BlockAt(position);
        begin.Marks[..head.Marks].CopyTo(marks);
        for (var from = 0; from < steps.Length || from == 0; from += StepBuffer.Capacity)
        {
            var at = position + (from / StepBuffer.Capacity);
            BlockAt(at).Steps[..Math.Min(StepBuffer.Capacity, steps.Length - from)].CopyTo(steps.AsSpan(from));
            if (!IsStill(at))
            {
                return false;
            }
        }

        return IsStill(position);
    }

    // What was read before this is not moved behind it.
    private bool IsStill(long position)
    {
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref BlockAt(position).Tag) == position + 1;
    }

    private ref ExplainBlock BlockAt(long position) => ref _blocks[position % _blocks.Length];

    private bool TryClaim(long position, long now)
    {
        ref var block = ref BlockAt(position);
        var tag = Volatile.Read(ref block.Tag);
        if (tag < 0 || tag > position || Interlocked.CompareExchange(ref block.Tag, -(position + 1), tag) != tag)
        {
            return false;
        }

        if (tag > 0 && block.IsHead && now - block.Head.Nanoseconds < _keepNanoseconds)
        {
            Interlocked.Increment(ref _dropped);
        }

        return true;
    }

    private void Release(long first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            ref var block = ref BlockAt(first + i);
            block.IsHead = false;
            Volatile.Write(ref block.Tag, first + i + 1);
        }
    }

    // Of a decision with too many steps the last place goes to the first one that refuses: it is what is asked for.
    private void KeepDenial(long first, ReadOnlySpan<DecisionStep> steps, int kept)
    {
        for (var i = kept; i < steps.Length; i++)
        {
            if (!steps[i].Shadow && steps[i].Outcome is (StepOutcome.Denied or StepOutcome.MissingDenied or StepOutcome.Unverifiable or StepOutcome.TooLarge))
            {
                BlockAt(first + MaxBlocks - 1).Steps[StepBuffer.Capacity - 1] = steps[i];
                return;
            }
        }
    }
}
