using System.Numerics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Repeats of a caller's requests in windows that begin with the first. Only admitted requests count, so the request that would complete the
/// loop stays refused until the window ends. A request that finds no free cell is not counted: a full table must not make strangers a loop.
/// </summary>
internal static class LoopCounter
{
    /// <summary>Recent bodies that are remembered for each caller, method and path.</summary>
    public const int Slots = 4;

    /// <summary>Longest delay of a throttled loop, as the peer has it.</summary>
    public const int MaxDelayMilliseconds = 30_000;

    private const int DelayPerRepeatMilliseconds = 100;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long MillisecondsPerSecond = 1000;
    private const int PartMask = 3;

    /// <summary>
    /// Reads how often the request was made already into <see cref="Reservation.Deficit"/>, and what it may come to into
    /// <see cref="Reservation.Capacity"/>; changes nothing.
    /// </summary>
    /// <returns>False when this part cannot look at the request: it is then neither counted nor taken.</returns>
    public static bool Check(
        CounterTable table, LoopLimit limit, LoopPart part, in RequestView request, bool shadow, ref Reservation reservation, long nanoseconds)
    {
        reservation.Cost = 1;
        reservation.Capacity = limit.Capacity;
        reservation.Meta = limit.Meta | (ulong)part;
        reservation.Shadow = shadow;
        reservation.Taken = false;
        reservation.InOverflow = false;
        return part switch
        {
            LoopPart.Exact => CheckExact(table, limit, in request, ref reservation, nanoseconds),
            LoopPart.Similar => CheckSimilar(table, limit, in request, ref reservation, nanoseconds),
            _ => CheckCycle(table, limit, in request, ref reservation, nanoseconds),
        };
    }

    /// <summary>Counts the request, unless it would complete a loop that is refused.</summary>
    public static TakeResult Take(CounterTable table, LoopLimit limit, ref Reservation reservation, long nanoseconds)
    {
        TakeResult result;
        switch (PartOf(in reservation))
        {
            case LoopPart.Exact:
                var exact = new LoopExactStep(nanoseconds / NanosecondsPerMillisecond, limit.WindowMilliseconds, limit.Capacity);
                result = ExpiringCell.Apply(table, in reservation.Key, default, limit.Meta, ref exact, claim: true, nanoseconds);
                reservation.Deficit = exact.Before;
                reservation.Clock = (ulong)(exact.Start + limit.WindowMilliseconds);
                break;
            case LoopPart.Similar:
                var similar = new LoopSimilarStep(reservation.Word, limit.MaxDistance, EndSecond(limit, nanoseconds), limit.Capacity);
                result = ExpiringCell.Apply(table, in reservation.Key, default, limit.Meta, ref similar, claim: true, nanoseconds);
                reservation.Deficit = similar.Before;
                reservation.Clock = (ulong)(similar.End * MillisecondsPerSecond);
                break;
            default:
                var cycle = CycleOf(limit, in reservation, nanoseconds);
                result = ExpiringCell.Apply(table, in reservation.Key, default, limit.Meta, ref cycle, claim: true, nanoseconds);
                reservation.Deficit = cycle.Before;
                reservation.Clock = (ulong)(cycle.End * MillisecondsPerSecond);
                reservation.Since = (long)cycle.Previous;
                reservation.Word = cycle.Next;
                break;
        }

        reservation.Taken = result == TakeResult.Taken;
        return result == TakeResult.Full ? TakeResult.Taken : result;
    }

    /// <summary>Takes a counted request back: it was refused by another limit.</summary>
    public static void GiveBack(CounterTable table, LoopLimit limit, ref Reservation reservation, long nanoseconds)
    {
        if (!reservation.Taken)
        {
            return;
        }

        reservation.Taken = false;
        var undo = new LoopUndoStep(limit, PartOf(in reservation), in reservation);
        ExpiringCell.Apply(table, in reservation.Key, default, limit.Meta, ref undo, claim: false, nanoseconds);
    }

    /// <summary>Whether the request completes a loop, once it was checked or taken.</summary>
    public static bool IsLoop(LoopLimit limit, in Reservation reservation) => reservation.Deficit + 1 >= limit.Threshold;

    /// <summary>How long a throttled request waits: 100 ms for each repeat so far, at most 30 s; 0 when it is no loop.</summary>
    public static int DelayMilliseconds(LoopLimit limit, in Reservation reservation) =>
        limit.Action == LoopAction.Throttle && IsLoop(limit, in reservation)
            ? (int)Math.Min((reservation.Deficit + 1) * DelayPerRepeatMilliseconds, MaxDelayMilliseconds)
            : 0;

    /// <summary>Whole seconds until the window ends and the request passes again; at least 1.</summary>
    public static int RetryAfterSeconds(in Reservation reservation, long nanoseconds)
    {
        var wait = (long)reservation.Clock - (nanoseconds / NanosecondsPerMillisecond);
        return (int)Math.Clamp((wait + MillisecondsPerSecond - 1) / MillisecondsPerSecond, 1, int.MaxValue);
    }

    private static bool CheckExact(
        CounterTable table, LoopLimit limit, in RequestView request, ref Reservation reservation, long nanoseconds)
    {
        SetKey(ref reservation, LoopFingerprint.OfRequest(limit, in request));
        ExpiringCell.TryRead(table, in reservation.Key, default, CellKind.Loop, nanoseconds, out var word, out _);
        LoopExactStep.Read(word, nanoseconds / NanosecondsPerMillisecond, limit.WindowMilliseconds, out var before, out var start);
        reservation.Deficit = before;
        reservation.Clock = (ulong)(start + limit.WindowMilliseconds);
        return true;
    }

    // The cell whose body is most like this one; else the one that there is least to forget of.
    private static bool CheckSimilar(
        CounterTable table, LoopLimit limit, in RequestView request, ref Reservation reservation, long nanoseconds)
    {
        var signature = request.Facts.Body.Similarity >> (64 - LoopLimit.SignatureBits);
        if (signature == 0)
        {
            return false;
        }

        var hash = LoopFingerprint.OfCaller(limit, request.Facts, LoopPart.Similar);
        KeyText.Append(ref hash, request.Method);
        KeyText.Append(ref hash, request.Path);
        hash.Append(request.Facts.Body.ToolCall);
        var nearest = limit.MaxDistance + 1;
        var least = ulong.MaxValue;
        var oldest = long.MaxValue;
        for (var slot = 0; slot < Slots && nearest > 0; slot++)
        {
            var slotHash = hash;
            slotHash.Append((ulong)slot);
            var (low, high) = slotHash.Finish();
            var key = CounterKey.Of(low, high);
            key = reservation.Shadow ? key.ForShadow() : key;
            ExpiringCell.TryRead(table, in key, default, CellKind.Loop, nanoseconds, out var word, out var expiry);
            var distance = word == 0 ? int.MaxValue : BitOperations.PopCount((word >> (64 - LoopLimit.SignatureBits)) ^ signature);
            var count = LoopSimilarStep.CountOf(word);
            if (distance < nearest)
            {
                nearest = distance;
                reservation.Key = key;
                reservation.Deficit = count;
                reservation.Clock = (ulong)(expiry * MillisecondsPerSecond);
            }
            else if (nearest > limit.MaxDistance && (count < least || (count == least && expiry < oldest)))
            {
                least = count;
                oldest = expiry;
                reservation.Key = key;
                reservation.Deficit = 0;
                reservation.Clock = (ulong)(EndSecond(limit, nanoseconds) * MillisecondsPerSecond);
            }
        }

        reservation.Word = signature;
        return true;
    }

    private static bool CheckCycle(
        CounterTable table, LoopLimit limit, in RequestView request, ref Reservation reservation, long nanoseconds)
    {
        var hash = LoopFingerprint.OfCaller(limit, request.Facts, LoopPart.Cycle);
        var (low, high) = hash.Finish();
        SetKey(ref reservation, CounterKey.Of(low, high));
        var call = request.Facts.Body.ToolCall;
        reservation.Since = call == 0 ? 0 : 1;
        if (call == 0)
        {
            var step = limit.Prefix;
            KeyText.Append(ref step, request.Method);
            KeyText.Append(ref step, request.Path);
            call = step.Finish().Low;
        }

        reservation.Word = call;
        ExpiringCell.TryRead(table, in reservation.Key, default, CellKind.Loop, nanoseconds, out var word, out var expiry);
        var cycle = CycleOf(limit, in reservation, nanoseconds);
        cycle.TryNext(word, expiry, out _, out _);
        reservation.Deficit = cycle.Before;
        reservation.Clock = (ulong)(cycle.End * MillisecondsPerSecond);
        return true;
    }

    private static LoopCycleStep CycleOf(LoopLimit limit, in Reservation reservation, long nanoseconds) =>
        new(reservation.Word, reservation.Since != 0, limit, EndSecond(limit, nanoseconds));

    private static long EndSecond(LoopLimit limit, long nanoseconds) =>
        ((nanoseconds / NanosecondsPerMillisecond) + limit.WindowMilliseconds + MillisecondsPerSecond - 1) / MillisecondsPerSecond;

    private static void SetKey(ref Reservation reservation, CounterKey key) =>
        reservation.Key = reservation.Shadow ? key.ForShadow() : key;

    private static LoopPart PartOf(in Reservation reservation) => (LoopPart)(reservation.Meta & PartMask);
}
