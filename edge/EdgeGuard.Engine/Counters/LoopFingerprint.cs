using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Counters;

/// <summary>Names of the cells that a request's repeats are counted in: who calls, and what of the request has to be the same.</summary>
internal static class LoopFingerprint
{
    /// <summary>Query parameters that are sorted; a query with more counts as it is written.</summary>
    private const int MaxSorted = 64;

    private const ulong MissingMark = 0x100;
    private const ulong SortedMark = 1UL << 63;

    /// <summary>The caller's part of the name, for one part of the detection.</summary>
    public static SipHash OfCaller(LoopLimit limit, FactSet facts, LoopPart part)
    {
        var hash = limit.Prefix;
        var slots = limit.CallerSlots;
        for (var i = 0; i < slots.Length; i++)
        {
            // A caller that cannot be told is one of its own; whether such a request passes at all is for the rules to say.
            var kind = (ulong)limit.CallerKinds[i];
            if (facts.StateOf(slots[i]) != FactState.Present)
            {
                hash.Append(kind | MissingMark);
                continue;
            }

            var value = facts.ValueOf(slots[i]);
            hash.Append(kind | ((ulong)(uint)value.Length << 32));
            hash.AppendPadded(value);
        }

        hash.Append((ulong)part);
        return hash;
    }

    /// <summary>The name of one request of a caller, but for the order of its query parameters.</summary>
    public static CounterKey OfRequest(LoopLimit limit, in RequestView request)
    {
        var hash = OfCaller(limit, request.Facts, LoopPart.Exact);
        KeyText.Append(ref hash, request.Method);
        KeyText.Append(ref hash, request.Path);
        AppendQuery(ref hash, request.Query);
        var body = request.Facts.Body;
        hash.Append(body.IsRead ? 1UL : 0);
        hash.Append(body.HashLow);
        hash.Append(body.HashHigh);
        var (low, high) = hash.Finish();
        return CounterKey.Of(low, high);
    }

    [SkipLocalsInit]
    private static void AppendQuery(ref SipHash hash, ReadOnlySpan<byte> query)
    {
        if (query.IsEmpty)
        {
            hash.Append(0);
            return;
        }

        Span<(int Start, int Length)> parameters = stackalloc (int, int)[MaxSorted];
        var count = 0;
        for (var start = 0; start <= query.Length;)
        {
            var length = query[start..].IndexOf((byte)'&');
            length = length < 0 ? query.Length - start : length;
            if (length > 0)
            {
                if (count == MaxSorted)
                {
                    KeyText.Append(ref hash, query);
                    return;
                }

                Insert(query, parameters, count++, (start, length));
            }

            start += length + 1;
        }

        hash.Append(SortedMark | (uint)count);
        foreach (var (start, length) in parameters[..count])
        {
            KeyText.Append(ref hash, query.Slice(start, length));
        }
    }

    // By name; parameters of one name keep their order, which may mean something.
    private static void Insert(ReadOnlySpan<byte> query, Span<(int Start, int Length)> sorted, int count, (int Start, int Length) parameter)
    {
        var name = NameOf(query, parameter);
        var at = count;
        while (at > 0 && NameOf(query, sorted[at - 1]).SequenceCompareTo(name) > 0)
        {
            sorted[at] = sorted[at - 1];
            at--;
        }

        sorted[at] = parameter;
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> query, (int Start, int Length) parameter)
    {
        var text = query.Slice(parameter.Start, parameter.Length);
        var equals = text.IndexOf((byte)'=');
        return equals < 0 ? text : text[..equals];
    }
}
