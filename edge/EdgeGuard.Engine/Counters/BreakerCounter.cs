using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Circuit breakers over spend a minute: the current minute's spend plus what the sliding minute still covers of the one before. State and spend
/// are cells, so an open breaker is open after a restart too. Each change of state is one compare-and-swap: it happens, and is told, once.
/// </summary>
internal static class BreakerCounter
{
    /// <summary>Retry-After of a breaker that only a person closes, as that of a kill switch without an end.</summary>
    public const int ManualRetrySeconds = 3600;

    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long MillisecondsPerSecond = 1000;
    private const ulong MillisecondsPerMinute = 60_000;

    // Digits of the golden ratio: any odd word spreads the few values of a tag over a key's half.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>
    /// Reads whether the breaker lets the request through, with the rate in <see cref="Reservation.Deficit"/> and what it may come to in
    /// <see cref="Reservation.Capacity"/>; changes nothing.
    /// </summary>
    /// <param name="table">Where it is counted.</param>
    /// <param name="limit">The breaker.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cost">What the request spends, in micro-units.</param>
    /// <param name="shadow">Whether the policy only looks on.</param>
    /// <param name="reservation">What is found.</param>
    /// <param name="nanoseconds">Now.</param>
    public static BreakerPhase Check(
        CounterTable table,
        BreakerLimit limit,
        in RequestView request,
        ulong cost,
        bool shadow,
        ref Reservation reservation,
        long nanoseconds)
    {
        var key = KeyOf(limit, request.Facts);
        reservation.Key = shadow ? key.ForShadow() : key;
        reservation.Shadow = shadow;
        reservation.Taken = false;
        reservation.InOverflow = false;
        reservation.Cost = cost;
        reservation.Capacity = limit.Threshold - 1;
        reservation.Word = 0;
        var now = nanoseconds / NanosecondsPerMillisecond;
        var word = StateOf(table, limit, in reservation, nanoseconds, out var resetAt);
        var view = BreakerView.Of(limit, word, resetAt, now);
        if (view.Phase == BreakerPhase.Refuse)
        {
            reservation.Deficit = limit.Threshold;
            reservation.Clock = (ulong)view.RetryAt;
            return SetPhase(ref reservation, BreakerPhase.Refuse);
        }

        reservation.Since = view.Word.Time;
        reservation.Deficit = RateOf(table, limit, in reservation, nanoseconds);
        var fits = reservation.Deficit <= reservation.Capacity && cost <= reservation.Capacity - reservation.Deficit;
        return SetPhase(ref reservation, fits ? view.Phase : BreakerPhase.Trip);
    }

    /// <summary>Counts the request's spend, or opens the breaker when others have spent what was left.</summary>
    public static TakeResult Take(CounterTable table, BreakerLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (!TryAdmit(table, limit, ref reservation, nanoseconds))
        {
            return TakeResult.Exceeded;
        }

        var minute = MinuteOf(nanoseconds);
        var spend = new BreakerSpendStep(
            minute, Carried(table, limit, in reservation, minute, nanoseconds), reservation.Cost, reservation.Capacity, refund: false);
        var result = Spend(table, limit, in reservation, minute, ref spend, claim: true, nanoseconds);
        reservation.Deficit = spend.Before;
        reservation.Taken = result == TakeResult.Taken;
        if (result == TakeResult.Taken)
        {
            reservation.Clock = (ulong)minute;
            return result;
        }

        Change(table, limit, ref reservation, BreakerStateStep.Change.Undo, nanoseconds);
        if (result == TakeResult.Exceeded)
        {
            SetPhase(ref reservation, BreakerPhase.Trip);
            Trip(table, limit, ref reservation, nanoseconds);
        }

        return result;
    }

    /// <summary>Opens the breaker if the check found that the request would reach the threshold; otherwise does nothing.</summary>
    public static void Trip(CounterTable table, BreakerLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (PhaseOf(in reservation) == BreakerPhase.Trip)
        {
            Change(table, limit, ref reservation, BreakerStateStep.Change.Open, nanoseconds);
        }
    }

    /// <summary>Takes the spend back: the request was refused by another limit.</summary>
    public static void GiveBack(CounterTable table, BreakerLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (!reservation.Taken)
        {
            return;
        }

        reservation.Taken = false;
        var minute = (long)reservation.Clock;
        var refund = new BreakerSpendStep(minute, 0, reservation.Cost, 0, refund: true);
        Spend(table, limit, in reservation, minute, ref refund, claim: false, nanoseconds);
        Change(table, limit, ref reservation, BreakerStateStep.Change.Undo, nanoseconds);
    }

    /// <summary>
    /// Corrects the spend of a request to what it really was: less is taken off the minute that it was counted in, more is counted in the
    /// present one, where the next request that comes finds it. Does not open the breaker by itself.
    /// </summary>
    public static void Settle(CounterTable table, BreakerLimit limit, ref Reservation reservation, ulong actual, long nanoseconds)
    {
        if (!reservation.Taken || actual == reservation.Cost)
        {
            return;
        }

        if (actual < reservation.Cost)
        {
            var counted = (long)reservation.Clock;
            var less = new BreakerSpendStep(counted, 0, reservation.Cost - actual, 0, refund: true);
            Spend(table, limit, in reservation, counted, ref less, claim: false, nanoseconds);
            reservation.Cost = actual;
            return;
        }

        var present = reservation;
        var word = StateOf(table, limit, in reservation, nanoseconds, out var resetAt);
        var view = BreakerView.Of(limit, word, resetAt, nanoseconds / NanosecondsPerMillisecond);
        present.Since = view.Phase == BreakerPhase.Pass ? view.Word.Time : reservation.Since;
        var minute = MinuteOf(nanoseconds);
        var more = new BreakerSpendStep(minute, 0, actual - reservation.Cost, UsageWord.MaxAmount, refund: false);
        Spend(table, limit, in present, minute, ref more, claim: true, nanoseconds);
    }

    /// <summary>
    /// Tells that a request that was let through while half-open is done. When all are and none has tripped it, the breaker closes; without
    /// this it closes after a minute.
    /// </summary>
    public static void Complete(CounterTable table, BreakerLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (reservation.Taken && PhaseOf(in reservation) == BreakerPhase.Probe)
        {
            Change(table, limit, ref reservation, BreakerStateStep.Change.Complete, nanoseconds);
        }
    }

    /// <summary>Closes all breakers of the policy that are open now, whatever they are told apart by.</summary>
    /// <returns>False when there is no room to note it.</returns>
    public static bool Reset(CounterTable table, BreakerLimit limit, long nanoseconds)
    {
        var step = new BreakerResetStep(nanoseconds / NanosecondsPerMillisecond);
        return ExpiringCell.Apply(
            table, limit.ResetKey, Tagged(limit.ResetKey, 1), limit.Meta, ref step, claim: true, nanoseconds) != TakeResult.Full;
    }

    /// <summary>What the check or the take found.</summary>
    public static BreakerPhase PhaseOf(in Reservation reservation) => (BreakerPhase)(byte)reservation.Meta;

    /// <summary>Whole seconds until a refused request may pass: until the breaker turns half-open, or is clear.</summary>
    public static int RetryAfterSeconds(BreakerLimit limit, in Reservation reservation, long nanoseconds)
    {
        if (PhaseOf(in reservation) != BreakerPhase.Refuse)
        {
            return limit.AutoResetMilliseconds == 0 ? ManualRetrySeconds : Seconds(limit.AutoResetMilliseconds);
        }

        return reservation.Clock == 0
            ? ManualRetrySeconds
            : Seconds((long)reservation.Clock - (nanoseconds / NanosecondsPerMillisecond));
    }

    private static int Seconds(long milliseconds) =>
        (int)Math.Clamp((milliseconds + MillisecondsPerSecond - 1) / MillisecondsPerSecond, 1, int.MaxValue);

    private static BreakerPhase SetPhase(ref Reservation reservation, BreakerPhase phase)
    {
        reservation.Meta = (ulong)phase;
        return phase;
    }

    private static CounterKey KeyOf(BreakerLimit limit, FactSet facts)
    {
        var hash = limit.Prefix;
        if (limit.KeySlot >= 0)
        {
            var present = facts.StateOf(limit.KeySlot) == FactState.Present;
            hash.Append(present ? 1UL : 0);
            KeyText.Append(ref hash, present ? facts.ValueOf(limit.KeySlot) : default);
        }

        var (low, high) = hash.Finish();
        return CounterKey.Of(low, high);
    }

    private static bool TryAdmit(CounterTable table, BreakerLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (StateOf(table, limit, in reservation, nanoseconds, out var resetAt) == 0)
        {
            reservation.Since = 0;
            SetPhase(ref reservation, BreakerPhase.Pass);
            return true;
        }

        var step = new BreakerStateStep(
            BreakerStateStep.Change.Admit, limit, resetAt, 0, nanoseconds / NanosecondsPerMillisecond);
        Apply(table, limit, ref reservation, ref step, claim: false, nanoseconds);
        SetPhase(ref reservation, step.View.Phase);
        reservation.Since = step.View.Word.Time;
        reservation.Clock = (ulong)step.View.RetryAt;
        return step.View.Phase != BreakerPhase.Refuse;
    }

    private static void Change(
        CounterTable table, BreakerLimit limit, ref Reservation reservation, BreakerStateStep.Change change, long nanoseconds)
    {
        var open = change == BreakerStateStep.Change.Open;
        if (!open && PhaseOf(in reservation) != BreakerPhase.Probe)
        {
            return;
        }

        var resetAt = ResetAt(table, limit, nanoseconds);
        var step = new BreakerStateStep(change, limit, resetAt, reservation.Since, nanoseconds / NanosecondsPerMillisecond);
        Apply(table, limit, ref reservation, ref step, claim: open, nanoseconds);
    }

    private static void Apply(
        CounterTable table, BreakerLimit limit, ref Reservation reservation, ref BreakerStateStep step, bool claim, long nanoseconds)
    {
        var result = ExpiringCell.Apply(
            table, Tagged(reservation.Key, 0), Tagged(OverflowOf(limit, in reservation), 0), limit.Meta, ref step, claim, nanoseconds);
        if (result == TakeResult.Taken && step.IsTransition && !reservation.Shadow)
        {
            limit.Tally.Count(step.To, nanoseconds / NanosecondsPerMillisecond);
        }
    }

    // The state, and, only if there is one, when it was last reset by hand.
    private static ulong StateOf(CounterTable table, BreakerLimit limit, in Reservation reservation, long nanoseconds, out long resetAt)
    {
        var overflow = Tagged(OverflowOf(limit, in reservation), 0);
        var exists = ExpiringCell.TryRead(
            table, Tagged(reservation.Key, 0), in overflow, CellKind.Breaker, nanoseconds, out var word, out _);
        resetAt = exists ? ResetAt(table, limit, nanoseconds) : 0;
        return word;
    }

    private static long ResetAt(CounterTable table, BreakerLimit limit, long nanoseconds)
    {
        var spare = Tagged(limit.ResetKey, 1);
        ExpiringCell.TryRead(table, limit.ResetKey, in spare, CellKind.Breaker, nanoseconds, out var reset, out _);
        return (long)reset;
    }

    private static ulong RateOf(CounterTable table, BreakerLimit limit, in Reservation reservation, long nanoseconds)
    {
        var minute = MinuteOf(nanoseconds);
        return Carried(table, limit, in reservation, minute, nanoseconds) + SpentIn(table, limit, in reservation, minute, nanoseconds);
    }

    private static ulong Carried(CounterTable table, BreakerLimit limit, in Reservation reservation, long minute, long nanoseconds)
    {
        var spent = SpentIn(table, limit, in reservation, minute - 1, nanoseconds);
        var left = MillisecondsPerMinute - ((ulong)(nanoseconds / NanosecondsPerMillisecond) % MillisecondsPerMinute);
        return (spent / MillisecondsPerMinute * left) + (spent % MillisecondsPerMinute * left / MillisecondsPerMinute);
    }

    private static ulong SpentIn(CounterTable table, BreakerLimit limit, in Reservation reservation, long minute, long nanoseconds)
    {
        var tag = SpendTag(in reservation, minute);
        var overflow = Tagged(OverflowOf(limit, in reservation), tag);
        ExpiringCell.TryRead(
            table, Tagged(reservation.Key, tag), in overflow, CellKind.Breaker, nanoseconds, out var word, out var expiry);
        return expiry == BreakerSpendStep.ExpiryOf(minute) ? word : 0;
    }

    private static TakeResult Spend(
        CounterTable table,
        BreakerLimit limit,
        in Reservation reservation,
        long minute,
        ref BreakerSpendStep step,
        bool claim,
        long nanoseconds)
    {
        var tag = SpendTag(in reservation, minute);
        return ExpiringCell.Apply(
            table, Tagged(reservation.Key, tag), Tagged(OverflowOf(limit, in reservation), tag), limit.Meta, ref step, claim, nanoseconds);
    }

    // Spend is told apart by since when it counts, so that a breaker that closes again begins anew, and by odd and even minutes.
    private static ulong SpendTag(in Reservation reservation, long minute) =>
        (((ulong)reservation.Since << 1) | ((ulong)minute & 1)) + 1;

    // All cells of a breaker are in one set: the half of the key that chooses it stays.
    private static CounterKey Tagged(CounterKey key, ulong tag) => CounterKey.Of(key.Low, key.High ^ (tag * Spread));

    private static CounterKey OverflowOf(BreakerLimit limit, in Reservation reservation) =>
        reservation.Shadow ? limit.OverflowKey.ForShadow() : limit.OverflowKey;

    private static long MinuteOf(long nanoseconds) => nanoseconds / (NanosecondsPerMillisecond * (long)MillisecondsPerMinute);
}
