using System.Buffers.Binary;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>The name of a request's counter: the limit's prefix, and then each descriptor's kind, whether it is missing, length and value.</summary>
internal static class CounterName
{
    /// <summary>Beside a descriptor's kind: it was missing and the rule shares one counter for that.</summary>
    private const ulong MissingMark = 0x100;

    /// <summary>The counter of a request. Lengths come first, so that no two lists of values read alike.</summary>
    public static CounterKey Of(in LimitBinding limit, FactSet facts)
    {
        limit.Prefix.Begin(out var v0, out var v1, out var v2, out var v3, out var length);
        var slots = limit.Slots;
        var keys = limit.Keys;
        for (var i = 0; i < slots.Length; i++)
        {
            var kind = (ulong)keys[i].Kind;
            if (facts.StateOf(slots[i]) == FactState.Present)
            {
                var value = facts.ValueOf(slots[i]);
                SipHash.Compress(ref v0, ref v1, ref v2, ref v3, kind | ((ulong)(uint)value.Length << 32));
                length += sizeof(ulong) + (((ulong)value.Length + 7) & ~7UL);
                while (value.Length >= sizeof(ulong))
                {
                    SipHash.Compress(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(value));
                    value = value[sizeof(ulong)..];
                }

                if (!value.IsEmpty)
                {
                    SipHash.Compress(ref v0, ref v1, ref v2, ref v3, SipHash.Tail(value));
                }
            }
            else
            {
                SipHash.Compress(ref v0, ref v1, ref v2, ref v3, kind | MissingMark);
                length += sizeof(ulong);
            }
        }

        var (low, high) = SipHash.Finish(v0, v1, v2, v3, length << 56);
        return CounterKey.Of(low, high);
    }
}
