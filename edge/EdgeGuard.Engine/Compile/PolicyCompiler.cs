using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Compile;

/// <summary>Compiles a valid document. The very same code for edge, control plane and CLI.</summary>
public static class PolicyCompiler
{
    /// <summary>Compiles; never fails for a document that the reader accepted.</summary>
    /// <param name="document">A valid document.</param>
    /// <param name="digest">SHA-256 of its canonical JSON, lower-case hex; shown in status and metrics.</param>
    public static CompiledPolicy Compile(PolicyDocument document, string digest)
    {
        ArgumentNullException.ThrowIfNull(document);
        var build = new Build();
        foreach (var policy in document.Policies.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id)))
        {
            build.Add(policy);
        }

        return new CompiledPolicy(new CompiledParts
        {
            Digest = digest,
            Version = document.BundleVersion,
            Policies = [.. build.Policies],
            Rules = [.. build.Rules],
            Routes = RouteIndexBuilder.Build(
                [.. build.Selectors], eitherPath: document.Format == DocumentFormat.Peer),
            Slots = [.. build.Slots],
            SlotNumbers = build.SlotNumbers,
            KillSwitches = document.KillSwitches,
            GlobalShadowUntil = Until(document.GlobalShadow),
            KillSwitchOverrideUntil = Until(document.KillSwitchOverride),
        });
    }

    private static long Until(OverrideDefinition? definition) => definition switch
    {
        null or { Enabled: false } => long.MinValue,
        { ExpiresAt: { } expiry } => expiry.ToUnixTimeMilliseconds(),
        _ => long.MaxValue,
    };

    private sealed class Build
    {
        private readonly Dictionary<(double Rate, double Burst), BucketScale> _scales = [];

        public List<CompiledPolicyEntry> Policies { get; } = [];

        public List<SelectorDefinition> Selectors { get; } = [];

        public List<CompiledRule> Rules { get; } = [];

        public List<DescriptorKey> Slots { get; } = [];

        public Dictionary<DescriptorKey, int> SlotNumbers { get; } = [];

        public void Add(PolicyDefinition policy)
        {
            var index = Policies.Count;
            var first = Rules.Count;
            foreach (var rule in policy.Rules)
            {
                Rules.Add(Compile(rule, index, isFallback: false));
            }

            var count = Rules.Count - first;
            var fallback = -1;
            if (policy.FallbackLimit is { } limit)
            {
                fallback = Rules.Count;
                Rules.Add(Compile(limit, index, isFallback: true));
            }

            Selectors.Add(policy.Selector);
            Policies.Add(new CompiledPolicyEntry(
                policy.Id, policy.Selector, policy.Mode == PolicyMode.Shadow, first, count, fallback, policy.Cluster));
        }

        private CompiledRule Compile(RuleDefinition rule, int policy, bool isFallback)
        {
            if (rule.Algorithm is not TokenBucketDefinition bucket)
            {
                throw new ArgumentException($"No limiter for {rule.Algorithm.GetType().Name}; the reader refuses it.", nameof(rule));
            }

            var scale = ScaleOf(bucket);
            var window = Math.Ceiling(bucket.Burst / bucket.TokensPerSecond);
            return new CompiledRule
            {
                Name = rule.Name,
                Policy = policy,
                LimitSlots = SlotsOf(rule.LimitKeys),
                LimitKeys = [.. rule.LimitKeys],

                // A fallback limit is taken because nothing else matched: conditions of its own make no sense.
                Match = isFallback ? [] : Compile(rule.Match),
                OnMissing = rule.OnMissing,
                Scale = scale,
                Cost = new CompiledCost(bucket.Cost, bucket.Cost.Key is { } key ? SlotOf(key) : -1, in scale),
                Quota = ((long)Math.Min(bucket.Burst, long.MaxValue / 2), (int)Math.Clamp(window, 1, int.MaxValue)),
            };
        }

        private int[] SlotsOf(ImmutableArray<DescriptorKey> keys)
        {
            var slots = new int[keys.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = SlotOf(keys[i]);
            }

            return slots;
        }

        private CompiledMatch[] Compile(ImmutableArray<MatchEntry> match)
        {
            var compiled = new CompiledMatch[match.Length];
            for (var i = 0; i < compiled.Length; i++)
            {
                compiled[i] = new CompiledMatch(SlotOf(match[i].Key), Encoding.UTF8.GetBytes(match[i].Value));
            }

            return compiled;
        }

        // Most rules of a large bundle share a few pairs of numbers, and exact arithmetic is slow.
        private BucketScale ScaleOf(TokenBucketDefinition bucket)
        {
            if (!_scales.TryGetValue((bucket.TokensPerSecond, bucket.Burst), out var scale))
            {
                scale = BucketScale.Choose(bucket.TokensPerSecond, bucket.Burst);
                _scales.Add((bucket.TokensPerSecond, bucket.Burst), scale);
            }

            return scale;
        }

        private int SlotOf(DescriptorKey key)
        {
            if (!SlotNumbers.TryGetValue(key, out var slot))
            {
                slot = Slots.Count;
                Slots.Add(key);
                SlotNumbers.Add(key, slot);
            }

            return slot;
        }
    }
}
