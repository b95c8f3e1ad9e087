using System.Numerics;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// One more body that is like those of a cell. The word: bits 16 to 63 the signature of the first of them, bits 0 to 15 how many there were.
/// The window ends when the cell expires.
/// </summary>
/// <param name="signature">The body's, in <see cref="LoopLimit.SignatureBits"/> bits.</param>
/// <param name="maxDistance">Most bits that may differ.</param>
/// <param name="endSecond">When a window that begins now ends.</param>
/// <param name="capacity">What repeats may come to.</param>
internal struct LoopSimilarStep(ulong signature, int maxDistance, long endSecond, ulong capacity) : ICellStep
{
    private const int CountBits = 16;

    // Below the largest, so that no word is the busy mark.
    private const ulong MaxCount = (1UL << CountBits) - 2;
    private const ulong CountMask = (1UL << CountBits) - 1;

    /// <summary>Repeats before this one.</summary>
    public ulong Before { get; private set; }

    /// <summary>Second at which the window ends.</summary>
    public long End { get; private set; }

    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        if (IsAlike(word, signature, maxDistance))
        {
            Before = CountOf(word);
            End = expiry;
            next = (word & ~CountMask) | Math.Min(Before + 1, MaxCount);
        }
        else
        {
            // Another body's cell, or none: it is ours now.
            Before = 0;
            End = endSecond;
            next = (signature << CountBits) | 1;
        }

        nextExpiry = End;
        return Before < capacity;
    }

    public static ulong CountOf(ulong word) => word & CountMask;

    public static bool IsAlike(ulong word, ulong signature, int maxDistance) =>
        word != 0 && BitOperations.PopCount((word >> CountBits) ^ signature) <= maxDistance;

    /// <summary>A repeat that did not happen after all: the word without it.</summary>
    public static bool TryUndo(ulong word, ulong signature, int maxDistance, out ulong next)
    {
        next = word - 1;
        return IsAlike(word, signature, maxDistance) && CountOf(word) > 0;
    }
}
