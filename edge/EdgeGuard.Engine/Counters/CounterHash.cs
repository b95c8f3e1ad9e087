using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// What counters are named by: SipHash-1-3 with 128 bits of output, the variant of <see cref="SipHash"/> with one round a word and three at
/// the end, for keys that stay secret and hashes that nobody is shown (ADR 0039). A state that has taken whole words can be copied and
/// continued, which is how the fixed part of a limit's names is hashed once and not once a request.
/// </summary>
internal struct CounterHash
{
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _length;

    public CounterHash(UInt128 key)
    {
        SipHash.Initialize(key, out _v0, out _v1, out _v2, out _v3);
        _length = 0;
    }

    /// <summary>Takes eight bytes.</summary>
    public void Append(ulong word)
    {
        Compress(ref _v0, ref _v1, ref _v2, ref _v3, word);
        _length += sizeof(ulong);
    }

    /// <summary>Takes a text, its length first, padded with zeros to whole words.</summary>
    public void AppendText(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        Append((ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            Append(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        if (!bytes.IsEmpty)
        {
            Append(SipHash.Tail(bytes));
        }
    }

    /// <summary>The hash of what was taken.</summary>
    public readonly CounterKey Finish() => Finish(_v0, _v1, _v2, _v3, _length << 56);

    /// <summary>The state as five numbers, for a caller that goes on with them in registers; see <see cref="Compress"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Begin(out ulong v0, out ulong v1, out ulong v2, out ulong v3, out ulong length)
    {
        (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        length = _length;
    }

    /// <summary>Takes eight bytes into a state in registers: in a struct of five fields the JIT keeps it in memory, round by round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compress(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    /// <summary>The hash of a state and the last word, which holds the length modulo 256 in its highest byte and up to seven bytes below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CounterKey Finish(ulong v0, ulong v1, ulong v2, ulong v3, ulong last)
    {
        Compress(ref v0, ref v1, ref v2, ref v3, last);
        v2 ^= 0xee;
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        var low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        SipHash.Round(ref v0, ref v1, ref v2, ref v3);
        return CounterKey.Of(low, v0 ^ v1 ^ v2 ^ v3);
    }
}
