using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Decide;

/// <summary>Sends what happens to a limit to the counter of its kind.</summary>
internal static class LimitCounter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(CounterTable table, in LimitBinding limit, ref Reservation reservation, long nanoseconds)
    {
        if (limit.Kind == LimitKind.TokenBucket)
        {
            TokenBucketCounter.Check(table, in limit.Bucket, reservation.Key, ref reservation, nanoseconds);
            return;
        }

        CheckOther(table, in limit, ref reservation, nanoseconds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TakeResult Take(CounterTable table, in LimitBinding limit, ref Reservation reservation, long nanoseconds)
    {
        if (limit.Kind == LimitKind.TokenBucket)
        {
            var result = TokenBucketCounter.Take(table, in limit.Bucket, ref reservation, nanoseconds);
            reservation.Taken = result == TakeResult.Taken;
            return result;
        }

        return TakeOther(table, in limit, ref reservation, nanoseconds);
    }

    /// <summary>Gives back a part of what was taken; all of it for what is counted in requests.</summary>
    public static void GiveBack(CounterTable table, in LimitBinding limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        switch (limit.Kind)
        {
            case LimitKind.TokenBucket:
                TokenBucketCounter.GiveBack(table, in limit.Bucket, ref reservation, units, nanoseconds);
                break;
            case LimitKind.Budget:
                WindowCounter.GiveBack(table, limit.Window!, ref reservation, units);
                break;
            case LimitKind.SlidingWindow:
                SlidingWindowCounter.GiveBack(table, limit.Window!, ref reservation, units);
                break;
            case LimitKind.Concurrency:
                ConcurrencyCounter.Release(table, limit.Concurrency!, ref reservation);
                break;
            case LimitKind.Loop:
                LoopCounter.GiveBack(table, limit.Loop!, ref reservation, nanoseconds);
                break;
            case LimitKind.Breaker:
                BreakerCounter.GiveBack(table, limit.Breaker!, ref reservation, nanoseconds);
                break;
            case LimitKind.Adaptive:
                limit.Adaptive!.Cancel();
                break;
            default:
                break;
        }
    }

    /// <summary>Charges what was used beyond what was taken, even beyond the limit.</summary>
    public static void Charge(CounterTable table, in LimitBinding limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        switch (limit.Kind)
        {
            case LimitKind.TokenBucket:
                TokenBucketCounter.Charge(table, in limit.Bucket, ref reservation, units, nanoseconds);
                break;
            case LimitKind.Budget:
                WindowCounter.Charge(table, limit.Window!, ref reservation, units, nanoseconds);
                break;
            case LimitKind.SlidingWindow:
                SlidingWindowCounter.Charge(table, limit.Window!, ref reservation, units, nanoseconds);
                break;
            default:
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckOther(CounterTable table, in LimitBinding limit, ref Reservation reservation, long nanoseconds)
    {
        switch (limit.Kind)
        {
            case LimitKind.Budget:
                WindowCounter.Check(table, limit.Window!, ref reservation, nanoseconds);
                break;
            case LimitKind.SlidingWindow:
                SlidingWindowCounter.Check(table, limit.Window!, ref reservation, nanoseconds);
                break;
            case LimitKind.Concurrency:
                ConcurrencyCounter.Check(table, limit.Concurrency!, ref reservation);
                break;
            default:
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TakeResult TakeOther(CounterTable table, in LimitBinding limit, ref Reservation reservation, long nanoseconds)
    {
        var result = limit.Kind switch
        {
            LimitKind.Budget => WindowCounter.Take(table, limit.Window!, ref reservation, nanoseconds),
            LimitKind.SlidingWindow => SlidingWindowCounter.Take(table, limit.Window!, ref reservation, nanoseconds),
            LimitKind.Concurrency => ConcurrencyCounter.Take(table, limit.Concurrency!, ref reservation, nanoseconds),
            LimitKind.Loop => LoopCounter.Take(table, limit.Loop!, ref reservation, nanoseconds),
            LimitKind.Breaker => BreakerCounter.Take(table, limit.Breaker!, ref reservation, nanoseconds),
            _ => limit.Adaptive!.TryEnter((int)reservation.Word) ? TakeResult.Taken : TakeResult.Exceeded,
        };

        // A loop detector that finds no cell lets the request pass and has counted nothing that could be given back.
        reservation.Taken = result == TakeResult.Taken && (limit.Kind != LimitKind.Loop || reservation.Taken);
        return result;
    }
}
