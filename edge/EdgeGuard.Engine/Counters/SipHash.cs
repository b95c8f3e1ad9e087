using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the reference
/// implementation's 128-bit variant). A state that has taken whole words can be copied and continued, which is how the fixed part
/// of a rule's key is hashed once and not once a request.
/// </summary>
internal struct SipHash
{
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _length;

    public SipHash(UInt128 key)
    {
        Initialize(key, out _v0, out _v1, out _v2, out _v3);
        _length = 0;
    }

    /// <summary>The state before anything was taken.</summary>
    public static void Initialize(UInt128 key, out ulong v0, out ulong v1, out ulong v2, out ulong v3)
    {
        var k0 = (ulong)key;
        var k1 = (ulong)(key >> 64);
        v0 = 0x736f6d6570736575 ^ k0;
        v1 = 0x646f72616e646f6d ^ k1 ^ 0xee;
        v2 = 0x6c7967656e657261 ^ k0;
        v3 = 0x7465646279746573 ^ k1;
    }

    /// <summary>Takes eight bytes.</summary>
    public void Append(ulong word)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        Compress(ref v0, ref v1, ref v2, ref v3, word);
        (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
        _length += 8;
    }

    /// <summary>Takes bytes, padded with zeros to whole words. The caller writes the length first, or two texts could meet.</summary>
    public void AppendPadded(ReadOnlySpan<byte> bytes)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        _length += ((ulong)bytes.Length + 7) & ~7UL;
        while (bytes.Length >= 8)
        {
            Compress(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        if (!bytes.IsEmpty)
        {
            Compress(ref v0, ref v1, ref v2, ref v3, Tail(bytes));
        }

        (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
    }

    /// <summary>The hash of what was taken, which is a whole number of words.</summary>
    public readonly (ulong Low, ulong High) Finish() => Finish(_length << 56);

    /// <summary>The hash of a text of any length.</summary>
    public static (ulong Low, ulong High) Hash(UInt128 key, ReadOnlySpan<byte> message)
    {
        var state = new SipHash(key);
        var whole = message.Length & ~7;
        state.AppendPadded(message[..whole]);
        return state.Finish(((ulong)message.Length << 56) | Tail(message[whole..]));
    }

    /// <summary>
    /// The lower half of the hash of a word and a text that is padded with zeros to whole words: what <see cref="Append"/>, <see cref="AppendPadded"/>
    /// and <see cref="Finish()"/> give, in registers and without the rounds of the upper half.
    /// </summary>
    public static ulong LowOf(UInt128 key, ulong head, ReadOnlySpan<byte> text)
    {
        Initialize(key, out var v0, out var v1, out var v2, out var v3);
        Compress(ref v0, ref v1, ref v2, ref v3, head);
        var length = sizeof(ulong) + (((ulong)text.Length + 7) & ~7UL);
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            Compress(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(text));
        }

        if (!text.IsEmpty)
        {
            Compress(ref v0, ref v1, ref v2, ref v3, Tail(text));
        }

        Compress(ref v0, ref v1, ref v2, ref v3, length << 56);
        v2 ^= 0xee;
        for (var round = 0; round < 4; round++)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }

        return v0 ^ v1 ^ v2 ^ v3;
    }

    /// <summary>One to seven bytes as a little-endian word: overlapping reads, as a loop over bytes took 8 ns of a key of 21.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length;
        if (length >= sizeof(uint))
        {
            ulong last = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - sizeof(uint))..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes) | (last << (8 * (length - sizeof(uint))));
        }

        return length == 0
            ? 0
            : bytes[0] | ((ulong)bytes[length >> 1] << (8 * (length >> 1))) | ((ulong)bytes[length - 1] << (8 * (length - 1)));
    }

    private readonly (ulong Low, ulong High) Finish(ulong last) => Finish(_v0, _v1, _v2, _v3, last);

    // The hash of a state and the last word, which holds the length modulo 256 in its highest byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Low, ulong High) Finish(ulong v0, ulong v1, ulong v2, ulong v3, ulong last)
    {
        Compress(ref v0, ref v1, ref v2, ref v3, last);
        v2 ^= 0xee;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        var low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return (low, v0 ^ v1 ^ v2 ^ v3);
    }

    // Takes eight bytes. The four words are locals of the callers, so that they stay in registers: as fields of a struct of five the JIT keeps
    // them in memory, and every round waits for the stores of the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compress(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    /// <summary>One round, which all variants are made of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
