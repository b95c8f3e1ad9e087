using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Takes what a stream uses beyond what its request reserved, before it is passed on. The caller holds the record's gate. What was taken too much is
/// given back when the request is settled.
/// </summary>
internal static class StreamedTake
{
    /// <summary>Whether the stream may go on; false when a limit has no more, or the completion is longer than any may be.</summary>
    /// <param name="record">The request.</param>
    /// <param name="told">What the provider told so far.</param>
    /// <param name="since">Text that was streamed since it told that.</param>
    /// <param name="now">Now.</param>
    public static bool TryGoOn(AdmissionRecord record, in Usage told, in StreamedText since, EngineTime now)
    {
        foreach (ref var reservation in record.Reservations)
        {
            var limit = record.Policy.Limits[reservation.Limit];
            if (reservation.Shadow || limit.Llm is not { } llm)
            {
                continue;
            }

            var tokens = llm.EstimateTokens(in since, record.Model);
            var weighed = llm.Weigh(in told, record.Model);
            var amount = (weighed > 0 ? weighed : reservation.Since) + llm.OfCompletion(tokens, record.Model);
            if (llm.IsBeyond(told.Completion + tokens, amount))
            {
                return false;
            }

            var needed = limit.Cost.Units(Math.Max(1, amount));
            var reserved = record.UnitsOf(in reservation);
            if (needed > reserved && !TryTake(record, in reservation, limit, llm, needed - reserved, now))
            {
                return false;
            }
        }

        return true;
    }

    // As much as is looked at in one go, or else exactly what is needed: near its end a budget is used up to the last token.
    private static bool TryTake(AdmissionRecord record, in Reservation reservation, CompiledLimit limit, CompiledLlm llm, ulong needed, EngineTime now)
    {
        // A stream that goes on for long takes more at a time, so that what is kept of it stays small.
        const int UsualExtensions = 32;
        var buffer = (long)llm.BufferTokens * (1 + (record.Extensions.Length / UsualExtensions));
        var ahead = limit.Cost.Units(Math.Max(1, llm.OfCompletion(buffer, record.Model)));
        return (ahead > needed && TryTake(record, in reservation, ahead, now)) || TryTake(record, in reservation, needed, now);
    }

    private static bool TryTake(AdmissionRecord record, in Reservation first, ulong units, EngineTime now)
    {
        if (first.InOverflow)
        {
            // Its own name is not known any more; and what many newcomers share has nothing to lend.
            return false;
        }

        ref var binding = ref record.Binding.Limits[first.Limit];
        var more = new Reservation
        {
            Key = first.Key,
            Limit = first.Limit,
            Group = first.Group,
            Capacity = binding.Own,
            Cost = units,
        };
        if (binding.Kind == LimitKind.TokenBucket)
        {
            more.Meta = CellMeta.WithEpoch(binding.Bucket.Meta, CellMeta.EpochAt(now.Nanoseconds));
            more.Clock = binding.Bucket.Scale.ClockAt(now.Nanoseconds);
        }

        LimitCounter.Check(record.Binding.Table, in binding, ref more, now.Nanoseconds);
        if (binding.Lease is { } lease && LeaseCheck.IsLeased(record.Binding.Table, in more))
        {
            more.Capacity = record.Binding.Table.Leases.AllowanceOf(lease, in more);
        }

        if (more.Deficit + more.Cost > more.Capacity || LimitCounter.Take(record.Binding.Table, in binding, ref more, now.Nanoseconds) != TakeResult.Taken)
        {
            return false;
        }

        record.Extend(in more);
        return true;
    }
}
