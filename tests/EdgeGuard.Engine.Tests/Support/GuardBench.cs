using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>A table, a clock and one request after another, for the guards of a policy on their own.</summary>
internal sealed class GuardBench : IDisposable
{
    /// <summary>What tells callers apart.</summary>
    public static readonly DescriptorKey Caller = new(DescriptorKind.Header, "x-agent");

    private readonly FactPlan _plan = new([Caller]);

    public GuardBench(long memoryBytes = 1 << 20)
        : this(CounterTable.Create(new CounterTableOptions(memoryBytes, new UInt128(0x0123456789abcdef, 0xfedcba9876543210))))
    {
    }

    public GuardBench(CounterTable table) => Table = table;

    public CounterTable Table { get; }

    public FactSet Facts { get; } = new();

    public long Nanoseconds { get; set; } = Harness.Start;

    public void Advance(double seconds) => Nanoseconds += (long)(seconds * 1e9);

    public LoopLimit Loop(LoopDetectionDefinition definition, string policy = "p") =>
        new(definition, policy, [Caller], [0], Table, null);

    public BreakerLimit Breaker(CircuitBreakerDefinition definition, string policy = "p") => new(definition, policy, Caller, 0, Table, null);

    /// <summary>Whether a request passes a loop detection: all its parts checked, then all counted.</summary>
    public bool Passes(LoopLimit limit, string target = "GET /", string caller = "a", Action<BodyFacts>? body = null) =>
        Passes(limit, out _, target, caller, body);

    public bool Passes(
        LoopLimit limit, out int delayMilliseconds, string target = "GET /", string caller = "a", Action<BodyFacts>? body = null)
    {
        Fill(caller);
        body?.Invoke(Facts.Body);
        var (method, path, query) = Split(target);
        var request = new RequestView(method, default, path, Facts, query);
        return Passes(limit, in request, out delayMilliseconds);
    }

    public bool Passes(LoopLimit limit, in RequestView request, out int delayMilliseconds)
    {
        delayMilliseconds = 0;
        Span<Reservation> reservations = stackalloc Reservation[3];
        var count = 0;
        for (var part = 0; part < limit.Parts; part++)
        {
            ref var reservation = ref reservations[count];
            if (!LoopCounter.Check(Table, limit, (LoopPart)part, in request, shadow: false, ref reservation, Nanoseconds))
            {
                continue;
            }

            if (reservation.Deficit + reservation.Cost > reservation.Capacity)
            {
                return false;
            }

            count++;
        }

        for (var i = 0; i < count; i++)
        {
            if (LoopCounter.Take(Table, limit, ref reservations[i], Nanoseconds) == TakeResult.Taken)
            {
                delayMilliseconds = Math.Max(delayMilliseconds, LoopCounter.DelayMilliseconds(limit, in reservations[i]));
                continue;
            }

            for (var back = 0; back < i; back++)
            {
                LoopCounter.GiveBack(Table, limit, ref reservations[back], Nanoseconds);
            }

            return false;
        }

        return true;
    }

    /// <summary>What a circuit breaker does with a request of some cost, in whole units.</summary>
    public BreakerPhase Spend(BreakerLimit limit, ulong cost, out Reservation reservation, string caller = "a")
    {
        reservation = default;
        Fill(caller);
        var request = new RequestView("GET"u8, default, "/"u8, Facts);
        var units = cost * WindowLimit.UnitsPerToken;
        var phase = BreakerCounter.Check(Table, limit, in request, units, shadow: false, ref reservation, Nanoseconds);
        if (phase == BreakerPhase.Trip)
        {
            BreakerCounter.Trip(Table, limit, ref reservation, Nanoseconds);
        }
        else if (phase != BreakerPhase.Refuse)
        {
            BreakerCounter.Take(Table, limit, ref reservation, Nanoseconds);
        }

        return BreakerCounter.PhaseOf(in reservation);
    }

    public BreakerPhase Spend(BreakerLimit limit, ulong cost, string caller = "a") => Spend(limit, cost, out _, caller);

    public void Dispose() => Table.Dispose();

    public void Fill(string caller)
    {
        Facts.Begin(_plan);
        Facts.Set(0, caller);
    }

    public static (byte[] Method, byte[] Path, byte[] Query) Split(string target)
    {
        var space = target.IndexOf(' ', StringComparison.Ordinal);
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var end = question < 0 ? target.Length : question;
        return (
            Encoding.UTF8.GetBytes(target[..space]),
            Encoding.UTF8.GetBytes(target[(space + 1)..end]),
            Encoding.UTF8.GetBytes(question < 0 ? string.Empty : target[(question + 1)..]));
    }
}
