using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <summary>What the end of an admitted request does to its limits. The caller holds the record's gate and sees to it that each happens once.</summary>
internal static class AdmissionEnd
{
    /// <summary>Charges what was really used in the place of what was reserved, in token limits and in the spend of circuit breakers.</summary>
    public static void Settle(AdmissionRecord record, in Usage usage, StreamedText? streamed, EngineTime now, ITokenSink? sink)
    {
        var told = Decision.None;
        foreach (ref var reservation in record.Reservations)
        {
            ref var binding = ref record.Binding.Limits[reservation.Limit];
            var limit = record.Policy.Limits[reservation.Limit];
            if (binding.Kind == LimitKind.Breaker)
            {
                SettleSpend(record, limit, in binding, ref reservation, in usage, streamed, now);
                continue;
            }

            if (limit.Llm is not { } llm)
            {
                continue;
            }

            var reserved = reservation.Cost;
            var tokens = TokensOf(llm, in usage, streamed, in reservation, limit.UnitsPerToken);
            var actual = tokens == 0 ? 0 : limit.Cost.Units(tokens);
            if (actual < reserved)
            {
                LimitCounter.GiveBack(record.Binding.Table, in binding, ref reservation, reserved - actual, now.Nanoseconds);
            }
            else if (actual > reserved)
            {
                LimitCounter.Charge(record.Binding.Table, in binding, ref reservation, actual - reserved, now.Nanoseconds);
            }

            if (!reservation.Shadow && limit.Rule != told)
            {
                told = limit.Rule;
                sink?.Settled(told, (long)(reserved / limit.UnitsPerToken), tokens);
            }
        }
    }

    /// <summary>Tells that what was reserved stays charged.</summary>
    public static void Keep(AdmissionRecord record, ITokenSink sink)
    {
        var told = Decision.None;
        foreach (ref var reservation in record.Reservations)
        {
            var limit = record.Policy.Limits[reservation.Limit];
            if (limit.Llm is not null && !reservation.Shadow && limit.Rule != told)
            {
                told = limit.Rule;
                var tokens = (long)(reservation.Cost / limit.UnitsPerToken);
                sink.Settled(told, tokens, tokens);
            }
        }
    }

    /// <summary>Releases what is held, or gives everything back.</summary>
    public static void Finish(AdmissionRecord record, Ending ending, EngineTime now)
    {
        foreach (ref var reservation in record.Reservations)
        {
            ref var binding = ref record.Binding.Limits[reservation.Limit];
            if (ending == Ending.NotForwarded)
            {
                GiveBack(record, in binding, ref reservation, now);
            }
            else
            {
                Release(record, in binding, ref reservation, ending, now);
            }
        }
    }

    private static void GiveBack(AdmissionRecord record, in LimitBinding binding, ref Reservation reservation, EngineTime now)
    {
        // What was settled has been given back or charged already.
        if (!record.Settled || record.TokensOf(in reservation) is null)
        {
            LimitCounter.GiveBack(record.Binding.Table, in binding, ref reservation, reservation.Cost, now.Nanoseconds);
        }
    }

    private static void Release(AdmissionRecord record, in LimitBinding binding, ref Reservation reservation, Ending ending, EngineTime now)
    {
        switch (binding.Kind)
        {
            case LimitKind.Concurrency:
                LimitCounter.GiveBack(record.Binding.Table, in binding, ref reservation, reservation.Cost, now.Nanoseconds);
                break;
            case LimitKind.Breaker:
                BreakerCounter.Complete(record.Binding.Table, binding.Breaker!, ref reservation, now.Nanoseconds);
                break;
            case LimitKind.Adaptive when ending == Ending.Ignored:
                binding.Adaptive!.Cancel();
                break;
            case LimitKind.Adaptive:
                binding.Adaptive!.Exit(record.StartNanoseconds, record.AnsweredNanoseconds > 0 ? record.AnsweredNanoseconds : now.Nanoseconds, ending == Ending.Dropped);
                break;
            default:
                break;
        }
    }

    // What was really used; of a stream that broke off what is known of the prompt and an estimate of its text, at most what was reserved.
    private static long TokensOf(CompiledLlm llm, in Usage usage, StreamedText? streamed, in Reservation reservation, ulong unitsPerToken)
    {
        var tokens = llm.Weigh(in usage);
        return streamed is { } text
            ? Math.Min((tokens > 0 ? tokens : reservation.Since) + llm.Estimate(in text), (long)(reservation.Cost / unitsPerToken))
            : tokens;
    }

    // The spend of a request is that of its policy's first rule: what that rule settles, if it took anything.
    private static void SettleSpend(
        AdmissionRecord record,
        CompiledLimit breaker,
        in LimitBinding binding,
        ref Reservation reservation,
        in Usage usage,
        StreamedText? streamed,
        EngineTime now)
    {
        var rule = record.Policy.Policies[breaker.Policy].Guards!.BreakerRule;
        foreach (ref var other in record.Reservations)
        {
            var limit = record.Policy.Limits[other.Limit];
            if (limit.Rule == rule && limit.Llm is { } llm && other.Group == reservation.Group)
            {
                var tokens = TokensOf(llm, in usage, streamed, in other, limit.UnitsPerToken);
                var actual = tokens == 0 ? 0 : breaker.Cost.Units(tokens);
                BreakerCounter.Settle(record.Binding.Table, binding.Breaker!, ref reservation, actual, now.Nanoseconds);
                return;
            }
        }
    }
}
