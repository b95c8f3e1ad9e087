using System.Runtime.CompilerServices;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Compile;

/// <summary>The rules of a bundle in one table: key prefixes under its hash seed, and generations.</summary>
internal sealed class TableBinding
{
    /// <summary>In place of a descriptor's kind: the rule's overflow counter.</summary>
    private const ulong OverflowMark = 0xFF;

    /// <summary>Beside a descriptor's kind: it was missing and the rule shares one counter for that.</summary>
    private const ulong MissingMark = 0x100;

    private const long NotActivated = long.MaxValue;

    private long _activatedAt = NotActivated;

    public TableBinding(CompiledPolicy policy, CounterTable table)
    {
        Table = table;
        Rules = new RuleBinding[policy.Rules.Length];
        for (var i = 0; i < Rules.Length; i++)
        {
            var rule = policy.Rules[i];
            var prefix = PrefixOf(policy.Policies[rule.Policy].Id, rule, table.Seed);
            var overflow = prefix;
            overflow.Append(OverflowMark);
            var (low, high) = overflow.Finish();
            ref var binding = ref Rules[i];
            binding.Prefix = prefix;
            binding.Limit.Scale = rule.Scale;
            binding.Limit.Meta = CellMeta.Pack(CellKind.TokenBucket, table.Generations.IndexOf(OwnerOf(prefix), CellKind.TokenBucket, rule.Scale, this));
            binding.Limit.OverflowKey = CounterKey.Of(low, high);
        }
    }

    public CounterTable Table { get; }

    /// <summary>When the first decision was taken by these rules, in nanoseconds; what a changed rate counts from.</summary>
    public long ActivatedAt => Volatile.Read(ref _activatedAt);

    public RuleBinding[] Rules { get; }

    /// <summary>Notes the first decision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Activate(long nanoseconds)
    {
        if (Volatile.Read(ref _activatedAt) == NotActivated)
        {
            ActivateNow(nanoseconds);
        }
    }

    /// <summary>Takes one descriptor's value: kind, whether it is missing and length first, so that no two lists of values read alike.</summary>
    public static void Append(ref SipHash hash, DescriptorKind kind, ReadOnlySpan<byte> value)
    {
        hash.Append((ulong)kind | ((ulong)(uint)value.Length << 32));
        hash.AppendPadded(value);
    }

    /// <summary>Takes a missing descriptor of a rule that shares.</summary>
    public static void AppendMissing(ref SipHash hash, DescriptorKind kind) => hash.Append((ulong)kind | MissingMark);

    // The table keeps it too: what is changed later is read through these numbers for as long as they were in force.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ActivateNow(long nanoseconds)
    {
        if (Interlocked.CompareExchange(ref _activatedAt, nanoseconds, NotActivated) == NotActivated)
        {
            foreach (ref readonly var rule in Rules.AsSpan())
            {
                Table.Generations.Activate(CellMeta.GenerationOf(rule.Limit.Meta), nanoseconds);
            }
        }
    }

    // Who a limit is in the table: what its share and its numbers are kept by. Nothing tunable, so that changed numbers are its own history.
    private static ulong OwnerOf(in SipHash prefix) => Math.Max(1, prefix.Finish().Low);

    // The identity of a counter: policy, rule, kind of limiter, limit keys. No tunable: raising a quota keeps the counters.
    private static SipHash PrefixOf(string policyId, CompiledRule rule, UInt128 seed)
    {
        var hash = new SipHash(seed);
        AppendText(ref hash, policyId);
        AppendText(ref hash, rule.Name);
        hash.Append((ulong)CellKind.TokenBucket | ((ulong)(uint)rule.LimitKeys.Length << 32));
        foreach (var key in rule.LimitKeys)
        {
            hash.Append((ulong)key.Kind);
            AppendText(ref hash, key.Name);
        }

        return hash;
    }

    private static void AppendText(ref SipHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.Append((ulong)bytes.Length);
        hash.AppendPadded(bytes);
    }
}
