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

            var reserved = record.UnitsOf(in reservation);
            var tokens = AmountOf(record, limit, llm, in usage, streamed, in reservation);
            var actual = tokens == 0 ? 0 : limit.Cost.Units(tokens);
            if (actual < reserved)
            {
                var rest = GiveBackExtensions(record, in binding, in reservation, reserved - actual, now);
                LimitCounter.GiveBack(record.Binding.Table, in binding, ref reservation, rest, now.Nanoseconds);
            }
            else if (actual > reserved)
            {
                LimitCounter.Charge(record.Binding.Table, in binding, ref reservation, actual - reserved, now.Nanoseconds);
            }

            if (!reservation.Shadow && !llm.CountsMoney && limit.Rule != told)
            {
                told = limit.Rule;
                sink?.Settled(told, (long)(reserved / limit.UnitsPerAmount), tokens);
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
            if (limit.Llm is { CountsMoney: false } && !reservation.Shadow && limit.Rule != told)
            {
                told = limit.Rule;
                var tokens = (long)(record.UnitsOf(in reservation) / limit.UnitsPerAmount);
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

    // The newest first: what is left of them was taken last, and may be in a later window.
    private static ulong GiveBackExtensions(AdmissionRecord record, in LimitBinding binding, in Reservation reservation, ulong units, EngineTime now)
    {
        var extensions = record.Extensions;
        for (var i = extensions.Length - 1; i >= 0 && units > 0; i--)
        {
            ref var more = ref extensions[i];
            if (more.Limit == reservation.Limit && more.Group == reservation.Group)
            {
                var given = Math.Min(units, more.Cost);
                LimitCounter.GiveBack(record.Binding.Table, in binding, ref more, given, now.Nanoseconds);
                units -= given;
            }
        }

        return units;
    }

    // What was really used; of a stream that broke off what is known of the prompt and an estimate of its text, at most what was reserved.
    private static long AmountOf(
        AdmissionRecord record, CompiledLimit limit, CompiledLlm llm, in Usage usage, StreamedText? streamed, in Reservation reservation)
    {
        var reserved = (long)(record.UnitsOf(in reservation) / limit.UnitsPerAmount);
        var told = llm.Weigh(in usage, record.Model);
        return told < 0 ? reserved
            : streamed is { } text
                ? Math.Min((told > 0 ? told : reservation.Since) + llm.OfCompletion(llm.EstimateTokens(in text, record.Model), record.Model), reserved)
                : told;
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
                var tokens = AmountOf(record, limit, llm, in usage, streamed, in other);
                var actual = tokens == 0 ? 0 : breaker.Cost.Units(tokens);
                BreakerCounter.Settle(record.Binding.Table, binding.Breaker!, ref reservation, actual, now.Nanoseconds);
                return;
            }
        }
    }
}
