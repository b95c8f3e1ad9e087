using System.Runtime.CompilerServices;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Engine.Compile;

/// <summary>The rules of a bundle in one table: key prefixes under its hash seed, and generations.</summary>
internal sealed class TableBinding
{
    /// <summary>In place of a descriptor's kind: the rule's overflow counter.</summary>
    private const ulong OverflowMark = 0xFF;

    private const long NotActivated = long.MaxValue;

    private readonly Dictionary<ulong, int> _buckets = [];
    private readonly int[] _retired;
    private long _activatedAt = NotActivated;

    public TableBinding(CompiledPolicy policy, CounterTable table)
    {
        Table = table;
        Limits = new LimitBinding[policy.Limits.Length];
        for (var i = 0; i < Limits.Length; i++)
        {
            var limit = policy.Limits[i];
            if (limit.Rule < 0)
            {
                BindGuard(ref Limits[i], limit, policy.Policies[limit.Policy]);
                continue;
            }

            var prefix = PrefixOf(policy.Policies[limit.Policy].Id, policy.Rules[limit.Rule].Name, limit, table.Seed);
            var overflow = prefix;
            overflow.Append(OverflowMark);
            Bind(ref Limits[i], limit, prefix, overflow.Finish());
            if (limit.Lease is not null)
            {
                Limits[i].Lease = new LeaseLimit(table.Leases.SlotOf(FleetBudgets.NameOf(policy, limit)), limit, Limits[i].Window!);
            }
        }

        _retired = table.Generations.Retire(_buckets, this);
        _buckets = [];
    }

    public CounterTable Table { get; }

    /// <summary>All limits; the index is that of the compiled limit.</summary>
    public LimitBinding[] Limits { get; }

    /// <summary>Notes the first decision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Activate(long nanoseconds)
    {
        if (Volatile.Read(ref _activatedAt) == NotActivated)
        {
            ActivateNow(nanoseconds);
        }
    }

    // The table keeps it too: what is changed later is read through these numbers for as long as they were in force.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ActivateNow(long nanoseconds)
    {
        if (Interlocked.CompareExchange(ref _activatedAt, nanoseconds, NotActivated) == NotActivated)
        {
            foreach (ref readonly var limit in Limits.AsSpan())
            {
                if (limit.Kind == LimitKind.TokenBucket)
                {
                    Table.Generations.Activate(CellMeta.GenerationOf(limit.Bucket.Meta), nanoseconds);
                }
            }

            foreach (var index in _retired)
            {
                Table.Generations.Activate(index, nanoseconds);
            }
        }
    }

    // Who a limit is in the table: what its share and its numbers are kept by. Nothing tunable, so that changed numbers are its own history.
    // Plans and trials have histories of their own: read through another plan's numbers, a bucket would be cut to that one's burst at each reload.
    private static ulong OwnerOf(CounterHash prefix, CompiledLimit limit)
    {
        if (limit.Kind == LimitKind.TokenBucket && limit.Variant.Length > 0)
        {
            prefix.AppendText(limit.Variant);
        }

        return Math.Max(1, prefix.Finish().Low);
    }

    private void Bind(ref LimitBinding binding, CompiledLimit limit, CounterHash prefix, CounterKey overflow)
    {
        binding.Prefix = prefix;
        Copy(ref binding, limit);
        var owner = OwnerOf(prefix, limit);
        var isPlan = limit.Kind == LimitKind.TokenBucket && limit.Variant.Length > 0 && !limit.Owner.IsTrial;
        var family = isPlan ? Math.Max(1, prefix.Finish().Low) : 0;
        var generation = Table.Generations.IndexOf(owner, CellKindOf(limit.Kind), limit.Scale, this, family);
        if (limit.Kind == LimitKind.TokenBucket)
        {
            _buckets[owner] = generation;
            binding.Bucket.Scale = limit.Scale;
            binding.Bucket.Meta = CellMeta.Pack(CellKind.TokenBucket, generation);
            binding.Bucket.OverflowKey = overflow;
            return;
        }

        var meta = CellMeta.PackExpiring(CellKindOf(limit.Kind), generation);
        if (limit.Kind == LimitKind.Concurrency)
        {
            binding.Concurrency = new ConcurrencyLimit { Meta = meta, OverflowKey = overflow };
            return;
        }

        binding.Window = limit.Kind == LimitKind.SlidingWindow
            ? WindowLimit.Sliding(Table, limit.Window!.Length, limit.Parts, meta, overflow)
            : new WindowLimit { Calendar = Table.Calendars.For(limit.Window!), Meta = meta, OverflowKey = overflow };
    }

    // What every decision looks at stands together: behind a reference it would be another cache line each.
    private static void Copy(ref LimitBinding binding, CompiledLimit limit)
    {
        binding.Kind = limit.Kind;
        binding.Own = limit.Own;
        binding.Capacity = limit.Capacity;
        binding.Cost = limit.Cost;
        binding.Actions = limit.Actions;
        binding.NeedsEnding = limit.NeedsEnding;
        binding.Slots = limit.Slots;
    }

    private void BindGuard(ref LimitBinding binding, CompiledLimit limit, CompiledPolicyEntry policy)
    {
        var guards = policy.Guards!;
        Copy(ref binding, limit);
        switch (limit.Kind)
        {
            case LimitKind.Loop:
                binding.Loop = new LoopLimit(guards.Loop!, policy.Id, guards.CallerKeys, guards.CallerSlots, Table, this);
                break;
            case LimitKind.Breaker:
                binding.Breaker = new BreakerLimit(guards.Breaker!, policy.Id, guards.BreakerKey, guards.BreakerSlot, Table, this);
                break;
            default:
                binding.Adaptive = Table.Adaptive.Of(policy.Id, guards.Adaptive!);
                break;
        }
    }

    private static CellKind CellKindOf(LimitKind kind) => kind switch
    {
        LimitKind.TokenBucket => CellKind.TokenBucket,
        LimitKind.Budget => CellKind.Window,
        LimitKind.SlidingWindow => CellKind.WindowPart,
        _ => CellKind.Concurrency,
    };

    // The identity of a counter: policy, rule, kind and place of the limit, its keys, and the windows that it counts in. No tunable: raising a
    // quota keeps the counters.
    private static CounterHash PrefixOf(string policyId, string ruleName, CompiledLimit limit, UInt128 seed)
    {
        var hash = new CounterHash(seed);
        hash.AppendText(policyId);
        hash.AppendText(ruleName);
        hash.Append((ulong)CellKindOf(limit.Kind) | ((ulong)(uint)limit.Role << 16) | ((ulong)(uint)limit.Keys.Length << 32));
        if (limit.Owner.IsTrial)
        {
            // Outside an enforced share the live limit counts in the shadow name space too: the trial must not share its counters.
            hash.AppendText(limit.Variant);
        }

        foreach (var key in limit.Keys)
        {
            hash.Append((ulong)key.Kind);
            hash.AppendText(key.Name);
        }

        if (limit.Window is { } window)
        {
            hash.Append((ulong)window.Period | ((ulong)window.WeekStart << 8) | ((ulong)(uint)limit.Parts << 16));
            hash.Append((ulong)window.Length.Ticks);
            hash.AppendText(window.TimeZone);
        }

        return hash;
    }
}
