using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>A policy's circuit breaker as a table counts it. Immutable.</summary>
internal sealed class BreakerLimit
{
    private const ulong PurposeMark = 0x200;
    private const ulong OverflowMark = 0x201;
    private const ulong ResetMark = 0x202;

    /// <param name="definition">What the policy says.</param>
    /// <param name="policyId">The policy.</param>
    /// <param name="key">First limit key of its first rule that has one, or null for one breaker for all.</param>
    /// <param name="keySlot">Where its value is, or -1.</param>
    /// <param name="table">The table, where openings are told too.</param>
    /// <param name="holder">Who uses the limit; see <see cref="GenerationRegistry.IndexOf"/>.</param>
    public BreakerLimit(
        CircuitBreakerDefinition definition, string policyId, DescriptorKey? key, int keySlot, CounterTable table, object? holder)
    {
        Threshold = (ulong)Math.Ceiling(definition.ThresholdPerMinute * WindowLimit.UnitsPerToken);
        AutoResetMilliseconds = (long)definition.AutoReset.TotalMilliseconds;
        HalfOpenRequests = definition.HalfOpenRequests;
        Status = definition.Status;
        Alert = definition.Alert;
        KeySlot = keySlot;
        KeyKind = key?.Kind ?? default;
        Tally = table.Breakers.Of(policyId);
        var prefix = new SipHash(table.Seed);
        KeyText.Append(ref prefix, policyId);
        var reset = prefix;
        ResetKey = Finish(ref reset, ResetMark);
        prefix.Append(PurposeMark | (keySlot < 0 ? 0 : ((ulong)KeyKind + 1) << 32));
        KeyText.Append(ref prefix, key?.Name ?? string.Empty);
        Prefix = prefix;
        OverflowKey = Finish(ref prefix, OverflowMark);
        var owner = Math.Max(1, prefix.Finish().Low);
        Meta = CellMeta.PackExpiring(CellKind.Breaker, table.Generations.IndexOf(owner, CellKind.Breaker, default, holder));
    }

    /// <summary>Spend a minute at which it opens, in micro-units.</summary>
    public ulong Threshold { get; }

    /// <summary>Time until it turns half-open, or 0 for never.</summary>
    public long AutoResetMilliseconds { get; }

    public int HalfOpenRequests { get; }

    /// <summary>Status of a refusal.</summary>
    public int Status { get; }

    public bool Alert { get; }

    public int KeySlot { get; }

    public DescriptorKind KeyKind { get; }

    /// <summary>Kind and generation; the expiry is added by each cell.</summary>
    public ulong Meta { get; }

    /// <summary>Hash state after the policy and what its breakers are told apart by.</summary>
    public SipHash Prefix { get; }

    /// <summary>Breaker of newcomers to full sets.</summary>
    public CounterKey OverflowKey { get; }

    /// <summary>Cell that holds when all breakers of the policy were last reset by hand.</summary>
    public CounterKey ResetKey { get; }

    /// <summary>How often the policy's breakers changed state.</summary>
    public BreakerTally Tally { get; }

    private static CounterKey Finish(ref SipHash hash, ulong mark)
    {
        var copy = hash;
        copy.Append(mark);
        var (low, high) = copy.Finish();
        return CounterKey.Of(low, high);
    }
}
