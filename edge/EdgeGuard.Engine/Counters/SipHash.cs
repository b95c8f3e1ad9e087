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
        var k0 = (ulong)key;
        var k1 = (ulong)(key >> 64);
        _v0 = 0x736f6d6570736575 ^ k0;
        _v1 = 0x646f72616e646f6d ^ k1 ^ 0xee;
        _v2 = 0x6c7967656e657261 ^ k0;
        _v3 = 0x7465646279746573 ^ k1;
        _length = 0;
    }

    /// <summary>Takes eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ulong word)
    {
        Compress(word);
        _length += 8;
    }

    /// <summary>Takes bytes, padded with zeros to whole words. The caller writes the length first, or two texts could meet.</summary>
    public void AppendPadded(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            Append(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        if (!bytes.IsEmpty)
        {
            Append(Tail(bytes));
        }
    }

    /// <summary>The hash of what was taken, which is a whole number of words. The state must not be used afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ulong Low, ulong High) Finish()
    {
        Compress(_length << 56);
        return Finalize128();
    }

    /// <summary>The hash of a text of any length.</summary>
    public static (ulong Low, ulong High) Hash(UInt128 key, ReadOnlySpan<byte> message)
    {
        var state = new SipHash(key);
        var length = (ulong)message.Length;
        while (message.Length >= 8)
        {
            state.Compress(BinaryPrimitives.ReadUInt64LittleEndian(message));
            message = message[8..];
        }

        state.Compress((length << 56) | Tail(message));
        return state.Finalize128();
    }

    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        var word = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            word |= (ulong)bytes[i] << (8 * i);
        }

        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Compress(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private (ulong Low, ulong High) Finalize128()
    {
        _v2 ^= 0xee;
        Round();
        Round();
        Round();
        Round();
        var low = _v0 ^ _v1 ^ _v2 ^ _v3;
        _v1 ^= 0xdd;
        Round();
        Round();
        Round();
        Round();
        return (low, _v0 ^ _v1 ^ _v2 ^ _v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
