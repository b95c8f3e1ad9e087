using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Matching;

/// <summary>
/// Takes out of a query what was not decided on. A repeated parameter that a limit needs is refused unless all its values are the same; of one that
/// no limit needed for this request the first goes on, because a kill switch has looked at that one.
/// </summary>
public static class RepeatedParameters
{
    /// <summary>Copies a query without the later occurrences of parameters that a plan reads.</summary>
    /// <param name="query">Query without its question mark.</param>
    /// <param name="plan">What was decided on; other parameters stay as they are, repeated or not.</param>
    /// <param name="kept">Where the rest goes; at least as long as the query.</param>
    /// <returns>Length of the rest; that of the query when nothing was repeated.</returns>
    public static int Remove(ReadOnlySpan<byte> query, FactPlan plan, Span<byte> kept)
    {
        var seen = new bool[plan.Slots.Length];
        var length = 0;
        var first = true;
        while (true)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            if (!IsRepeated(parameter, plan, seen))
            {
                if (!first)
                {
                    kept[length++] = (byte)'&';
                }

                first = false;
                parameter.CopyTo(kept[length..]);
                length += parameter.Length;
            }

            if (end < 0)
            {
                return length;
            }

            query = query[(end + 1)..];
        }
    }

    private static bool IsRepeated(ReadOnlySpan<byte> parameter, FactPlan plan, bool[] seen)
    {
        var equals = parameter.IndexOf((byte)'=');
        var name = equals < 0 ? parameter : parameter[..equals];
        for (var slot = 0; slot < seen.Length; slot++)
        {
            var key = plan.Slots[slot];
            if (key.Kind == DescriptorKind.Query && QueryReader.NameEquals(name, key.Name))
            {
                var before = seen[slot];
                seen[slot] = true;
                return before;
            }
        }

        return false;
    }
}
