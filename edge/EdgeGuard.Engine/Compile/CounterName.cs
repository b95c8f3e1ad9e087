using System.Buffers.Binary;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>
/// The name of a request's counter: the limit's prefix, then each descriptor's value in whole words, and last how long each is; 0 for one
/// that was missing, since no value is empty.
/// </summary>
internal static class CounterName
{
    /// <summary>Bits for a length.</summary>
    internal const int LengthBits = 14;

    /// <summary>Four lengths are the seven bytes that the last word of the hash has room for: so they cost nothing, and as words of their own a round each.</summary>
    private const int LengthsBits = 56;

    private const ulong LengthsBytes = LengthsBits / 8;

    /// <summary>
    /// The counter of a request. How many descriptors there are is in the prefix, so what is hashed can be read back from its end, lengths
    /// before values, and no two lists of values read alike.
    /// </summary>
    public static CounterKey Of(in LimitBinding limit, FactSet facts)
    {
        limit.Prefix.Begin(out var v0, out var v1, out var v2, out var v3, out var length);
        var lengths = 0UL;
        var shift = 0;
        foreach (var slot in limit.Slots)
        {
            if (shift == LengthsBits)
            {
                // More than four: the lengths of four have a word of their own behind their values.
                CounterHash.Compress(ref v0, ref v1, ref v2, ref v3, lengths);
                length += sizeof(ulong);
                lengths = 0;
                shift = 0;
            }

            var value = facts.PresentValueOf(slot);
            lengths |= (ulong)(uint)value.Length << shift;
            length += ((ulong)(uint)value.Length + 7) & ~7UL;
            shift += LengthBits;
            while (value.Length >= sizeof(ulong))
            {
                CounterHash.Compress(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(value));
                value = value[sizeof(ulong)..];
            }

            if (!value.IsEmpty)
            {
                CounterHash.Compress(ref v0, ref v1, ref v2, ref v3, SipHash.Tail(value));
            }
        }

        return CounterHash.Finish(v0, v1, v2, v3, ((length + LengthsBytes) << LengthsBits) | lengths);
    }
}
