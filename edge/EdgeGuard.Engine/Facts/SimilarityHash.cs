using System.Numerics;

namespace EdgeGuard.Engine.Facts;

/// <summary>
/// A signature whose bits differ the less the more alike two sets of tokens are (SimHash: Charikar, "Similarity estimation techniques from
/// rounding algorithms", 2002). Each token's hash votes on each bit; the votes are counted in bit slices, so that a vote costs a few operations
/// for all 64 bits together.
/// </summary>
/// <param name="slices">Room for the counts: <see cref="Slices"/> words.</param>
internal ref struct SimilarityHash(Span<ulong> slices)
{
    /// <summary>Bits of a count: a million tokens; those after them do not vote.</summary>
    public const int Slices = 20;

    private const int MaxTokens = (1 << Slices) - 1;

    private readonly Span<ulong> _slices = slices;

    /// <summary>Tokens that voted.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all votes.</summary>
    public void Clear()
    {
        // As many slices as counts can have filled.
        _slices[..(BitOperations.Log2((uint)Count) + 1)].Clear();
        Count = 0;
    }

    /// <summary>Lets a token vote.</summary>
    public void Add(ulong token)
    {
        if (Count == MaxTokens)
        {
            return;
        }

        Count++;
        for (var i = 0; token != 0; i++)
        {
            var carry = _slices[i] & token;
            _slices[i] ^= token;
            token = carry;
        }
    }

    /// <summary>The signature: the bits that more than half of the tokens have. 0 without any token.</summary>
    public readonly ulong ToSignature()
    {
        // All 64 counts are compared with half of the tokens at once, from their highest bit down.
        var half = Count / 2;
        var signature = 0UL;
        var equal = ulong.MaxValue;
        for (var i = Slices - 1; i >= 0; i--)
        {
            var bit = ((half >> i) & 1) == 0 ? 0 : ulong.MaxValue;
            signature |= equal & _slices[i] & ~bit;
            equal &= ~(_slices[i] ^ bit);
        }

        return signature;
    }
}
