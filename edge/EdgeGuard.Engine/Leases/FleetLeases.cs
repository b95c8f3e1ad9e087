using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Leases;

/// <summary>
/// What whoever decides by a table may spend of fleet-wide budgets. Without <see cref="Require"/> it is as if one edge held all of every budget, which is
/// how policy tests and the command line decide. With it nothing may be spent but what leases give.
/// </summary>
public sealed class FleetLeases
{
    private const int Marks = 1 << 12;
    private const ulong StateBits = 3;
    private const ulong Asked = 1;
    private const ulong Dry = 2;

    private readonly CounterTable _table;
    private readonly ConcurrentDictionary<string, LeaseSlot> _slots = new(StringComparer.Ordinal);
    private readonly LeaseQueue _wants = new();
    private readonly ulong[] _marks = new ulong[Marks];
    private volatile LeaseNames? _names;
    private volatile ImmutableDictionary<string, ImmutableArray<LeaseLimit>> _limits = ImmutableDictionary<string, ImmutableArray<LeaseLimit>>.Empty;
    private ImmutableArray<string> _budgets = [];
    private volatile bool _required;
    private long _refused;

    internal FleetLeases(CounterTable table) => _table = table;

    /// <summary>Whether fleet-wide budgets are spent by leases only.</summary>
    public bool IsRequired => _required;

    /// <summary>Requests refused because this edge had no lease left while the budget may not have been spent.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Names of the budgets of the bundle in use.</summary>
    public ImmutableArray<string> Budgets => _budgets;

    /// <summary>From here on nothing is spent but what leases give. Before the first decision.</summary>
    public void Require() => _required = true;

    /// <summary>Takes a bundle's budgets for those in use.</summary>
    public void Use(CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var limits = ImmutableDictionary.CreateBuilder<string, ImmutableArray<LeaseLimit>>(StringComparer.Ordinal);
        foreach (ref readonly var binding in policy.BindingFor(_table).Limits.AsSpan())
        {
            if (binding.Lease is { } lease)
            {
                var name = lease.Slot.Name;
                limits[name] = limits.TryGetValue(name, out var others) ? others.Add(lease) : [lease];
            }
        }

        var names = ImmutableArray.CreateBuilder<string>(limits.Count);
        foreach (var (name, _) in limits)
        {
            names.Add(name);
        }

        _limits = limits.ToImmutable();
        _budgets = names.ToImmutable();
    }

    /// <summary>
    /// Begins to spend as a holder, by the fleet's salt. Shares that another holder had end with it: a request that is under way sees either both as they
    /// were, or that they have changed.
    /// </summary>
    public void Hold(string holder, ReadOnlySpan<byte> salt)
    {
        foreach (var slot in _slots.Values)
        {
            slot.Set([]);
        }

        _names = new LeaseNames(holder, salt);
    }

    /// <summary>Spends nothing until <see cref="Hold"/>.</summary>
    public void Close() => _names = null;

    /// <summary>Whether anything may be spent.</summary>
    public bool IsOpen => _names is not null;

    /// <summary>Replaces the standing shares of a budget.</summary>
    public void SetShares(string budget, ImmutableArray<LeaseSpan> shares) => SlotOf(budget).Set(shares);

    /// <summary>Refuses budgets that say <c>on_unreachable: deny</c>, or no longer.</summary>
    public void Suspend(bool suspended)
    {
        foreach (var limits in _limits.Values)
        {
            limits[0].Slot.IsSuspended = suspended && limits[0].DenyWhenUnreachable;
        }
    }

    /// <summary>The next key that runs out.</summary>
    public bool TryTakeWant(out LeaseWant want) => _wants.TryTake(out want);

    /// <summary>What this edge has of a key; false when the bundle in use has no such budget, or no window begins then.</summary>
    public bool TryRead(in LeaseWant of, out LeaseFigures figures)
    {
        figures = default;
        if (!TryFind(in of, out var limit, out var span, out var name))
        {
            return false;
        }

        figures = Read(limit, in name, span);
        return true;
    }

    /// <summary>When a window ends, Unix seconds; null when the bundle in use has no such budget, or no window begins then.</summary>
    public long? EndOf(in LeaseWant of) => TryFind(in of, out _, out var span, out _) ? span.EndNanoseconds / LeaseCells.NanosecondsPerSecond : null;

    /// <summary>Notes what was granted of a key in all. False when it could not be noted, and so cannot be spent.</summary>
    public bool Grant(in LeaseWant of, long total, long nanoseconds)
    {
        if (total < 0 || !TryFind(in of, out var limit, out var span, out var name))
        {
            return false;
        }

        var cell = LeaseCells.At(limit.Window, LeaseCells.Granted(in name), span);
        return LeaseCells.TryRaise(_table, in cell, (ulong)total, inherits: false, nanoseconds, out _);
    }

    /// <summary>
    /// Gives back what is not spent of a key: the rest is charged to its counter first, as a request would, so nobody can spend it any more, and noted as
    /// returned then. A crash in between loses it.
    /// </summary>
    /// <returns>What was given back now.</returns>
    public long Return(in LeaseWant of, long nanoseconds)
    {
        if (!TryFind(in of, out var limit, out var span, out var name))
        {
            return 0;
        }

        var figures = Read(limit, in name, span);
        var spent = LeaseCells.At(limit.Window, in name, span);
        var allowance = (ulong)(figures.Standing + figures.Granted);
        if (!LeaseCells.TryRaise(_table, in spent, allowance, inherits: true, nanoseconds, out var rest) || rest == 0)
        {
            return 0;
        }

        var returned = LeaseCells.At(limit.Window, LeaseCells.Returned(in name), span);
        return LeaseCells.TryRaise(_table, in returned, (ulong)figures.Returned + rest, inherits: false, nanoseconds, out _) ? (long)rest : 0;
    }

    /// <summary>Lets a key ask again, or tells that the fleet has nothing left of it for now.</summary>
    public void Answer(in LeaseWant of, bool isDry)
    {
        if (TryFind(in of, out _, out var span, out var name))
        {
            var mark = MarkOf(in name, span.StartNanoseconds);
            Volatile.Write(ref _marks[mark % Marks], isDry ? mark | Dry : 0);
        }
    }

    internal LeaseSlot SlotOf(string budget) => _slots.GetOrAdd(budget, static name => new LeaseSlot(name));

    /// <summary>By whom and by which salt counters are named now; null while nothing may be spent.</summary>
    internal LeaseNames? Names => _names;

    /// <summary>What may be in use of a counter in all, returned units included, after its check.</summary>
    internal ulong AllowanceOf(LeaseLimit limit, in Reservation reservation)
    {
        var held = Held(limit, in reservation);

        // What was given back and granted anew is held twice, and spent once: at most the whole budget.
        return held <= limit.Own ? held : Math.Min(held, limit.Own + Returned(limit, in reservation));
    }

    /// <summary>Whether a counter that refuses will do so until its window ends: this edge holds the whole budget, or the fleet has nothing left.</summary>
    internal bool IsExhausted(LeaseLimit limit, in Reservation reservation)
    {
        var mark = MarkOf(in reservation.Key, (long)reservation.Clock);
        return Volatile.Read(ref _marks[mark % Marks]) == (mark | Dry) || (IsOpen && Held(limit, in reservation) >= limit.Own + Returned(limit, in reservation));
    }

    /// <summary>Asks for more of a key, unless that was done and not answered yet.</summary>
    internal void Want(LeaseLimit limit, in Reservation reservation, FactSet facts)
    {
        var mark = MarkOf(in reservation.Key, (long)reservation.Clock);
        ref var place = ref _marks[mark % Marks];
        var state = Volatile.Read(ref place);
        if ((state & ~StateBits) == mark || _names is not { } names)
        {
            return;
        }

        var want = new LeaseWant(limit.Slot.Name, limit.Tier, names.KeyOf(limit, facts), (long)reservation.Clock / LeaseCells.NanosecondsPerSecond);
        if (names.Of(want.Key) == reservation.Key && _wants.TryAdd(in want))
        {
            Volatile.Write(ref place, mark | Asked);
        }
    }

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    private ulong Held(LeaseLimit limit, in Reservation reservation)
    {
        var cell = LeaseCells.At(limit.Window, LeaseCells.Granted(in reservation.Key), (long)reservation.Clock, reservation.Meta);
        return limit.Standing((long)reservation.Clock / LeaseCells.NanosecondsPerSecond) + LeaseCells.Read(_table, in cell);
    }

    private ulong Returned(LeaseLimit limit, in Reservation reservation)
    {
        var cell = LeaseCells.At(limit.Window, LeaseCells.Returned(in reservation.Key), (long)reservation.Clock, reservation.Meta);
        return LeaseCells.Read(_table, in cell);
    }

    private LeaseFigures Read(LeaseLimit limit, in CounterKey name, WindowSpan span)
    {
        var used = LeaseCells.At(limit.Window, in name, span);
        var grants = LeaseCells.At(limit.Window, LeaseCells.Granted(in name), span);
        var returns = LeaseCells.At(limit.Window, LeaseCells.Returned(in name), span);
        var spent = UsageCounter.Read(_table, in used);
        var granted = LeaseCells.Read(_table, in grants);
        var returned = LeaseCells.Read(_table, in returns);
        var standing = limit.Standing(span.StartNanoseconds / LeaseCells.NanosecondsPerSecond);
        return new LeaseFigures((long)standing, (long)granted, (long)returned, (long)spent - (long)Math.Min(returned, spent));
    }

    private bool TryFind(in LeaseWant of, out LeaseLimit limit, out WindowSpan span, out CounterKey name)
    {
        limit = null!;
        span = null!;
        name = default;
        if (_names is not { } names || !_limits.TryGetValue(of.Budget, out var limits))
        {
            return false;
        }

        limit = limits[0];
        foreach (var other in limits)
        {
            limit = string.Equals(other.Tier, of.Tier, StringComparison.Ordinal) ? other : limit;
        }

        if (limit.SpanOf(of.Window) is not { } found)
        {
            return false;
        }

        span = found;
        name = names.Of(of.Key);
        return true;
    }

    // A word that no other counter's window has but by an accident of 2^-62, with room for a state.
    private static ulong MarkOf(in CounterKey key, long start) => (key.High ^ UsageName.MixOf(start, 0).Low) & ~StateBits;
}
