using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Compile;

/// <summary>Compiles a valid document. The very same code for edge, control plane and CLI.</summary>
public static class PolicyCompiler
{
    /// <summary>How much of a body tells one request from another to the loop detector; a longer one counts by its beginning and its length.</summary>
    public const int LoopBodyBytes = 1024 * 1024;

    /// <summary>Compiles; never fails for a document that the reader accepted.</summary>
    /// <param name="document">A valid document.</param>
    /// <param name="digest">SHA-256 of its canonical JSON, lower-case hex; shown in status and metrics.</param>
    public static CompiledPolicy Compile(PolicyDocument document, string digest)
    {
        ArgumentNullException.ThrowIfNull(document);
        var build = new Build(document.LlmProviders);
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
            Limits = [.. build.Limits],
            Routes = RouteIndexBuilder.Build(
                [.. build.Selectors], eitherPath: document.Format == DocumentFormat.Peer),
            Slots = build.Slots.Keys,
            SlotNumbers = build.Slots.Numbers,
            FirstIssuer = document.Issuers.IsEmpty ? string.Empty : document.Issuers[0].Id,
            KillSwitches = document.KillSwitches,
            SecurityHeaders = document.SecurityHeaders,
            Probes = document.Probes,
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
        private readonly LimitCompiler _limits;

        private readonly GuardCompiler _guards;

        private readonly ImmutableArray<LlmProviderDefinition> _providers;

        public Build(ImmutableArray<LlmProviderDefinition> providers)
        {
            _providers = providers;
            _limits = new LimitCompiler(Slots, Limits);
            _guards = new GuardCompiler(Slots, Limits, Rules);
        }

        public List<CompiledPolicyEntry> Policies { get; } = [];

        public List<SelectorDefinition> Selectors { get; } = [];

        public List<CompiledRule> Rules { get; } = [];

        public List<CompiledLimit> Limits { get; } = [];

        public SlotTable Slots { get; } = new();

        public void Add(PolicyDefinition policy)
        {
            var index = Policies.Count;
            var first = Rules.Count;
            var prices = SetModelCost(policy);
            foreach (var rule in policy.Rules)
            {
                Rules.Add(Compile(rule, policy.Id, index, isFallback: false));
            }

            var count = Rules.Count - first;
            var fallback = -1;
            if (policy.FallbackLimit is { } limit)
            {
                fallback = Rules.Count;
                Rules.Add(Compile(limit, policy.Id, index, isFallback: true));
            }

            var guards = _guards.Compile(policy, index, first, count);
            var identity = CompiledIdentity.Of(policy);
            ForwardHeader[] headers = [.. HeadersOf(policy.Identity)];
            Selectors.Add(policy.Selector);
            Policies.Add(new CompiledPolicyEntry(
                policy.Id,
                policy.Selector,
                policy.Mode == PolicyMode.Shadow,
                first,
                count,
                fallback,
                policy.Cluster,
                BodyBytes(policy, first),
                guards,
                identity,
                CredentialsOf(first, guards, headers) | (identity?.Kinds ?? CredentialKinds.None),
                headers,
                ModelsOf(policy, index, prices),
                OpensOf(policy.OnFailure),
                DoorSettings.Of(policy)));
        }

        // Before the rules: what their limits count is the provider's.
        private CompiledPrices? SetModelCost(PolicyDefinition policy)
        {
            _limits.ModelCost = null;
            _limits.CostsMoney = policy.Llm is { CountsMoney: true };
            if (policy.Llm is not { } llm)
            {
                return null;
            }

            var prices = llm.CountsMoney ? new CompiledPrices(ProviderOf(llm).Prices) : null;
            var tokens = new TokenBucketLlmDefinition
            {
                TokensPerMinute = 0,
                BurstTokens = 0,
                Estimator = TokenEstimator.Calibrated,
                MaxBodyBytes = llm.MaxBodyBytes,
            };
            _limits.ModelCost = new CompiledLlm(tokens, prices) { HintSlot = -1 };
            return prices;
        }

        // After the rules: only what one of them reads has a slot.
        private CompiledModelRoute? ModelsOf(PolicyDefinition policy, int index, CompiledPrices? prices) => policy switch
        {
            { Llm: { } llm } => CompiledModelRoute.Of(
                index, llm, ProviderOf(llm).Format, prices, Known(DescriptorKind.LlmProperty, "model"), Known(DescriptorKind.LlmProperty, "provider")),
            { Mcp: { } mcp } => CompiledModelRoute.Of(index, mcp, Known(DescriptorKind.McpProperty, "tool"), Known(DescriptorKind.McpProperty, "method")),
            _ => null,
        };

        private LlmProviderDefinition ProviderOf(LlmRouteDefinition llm)
        {
            foreach (var provider in _providers)
            {
                if (provider.Id == llm.Provider)
                {
                    return provider;
                }
            }

            throw new InvalidOperationException("A provider is missing; the reader refuses that.");
        }

        private int Known(DescriptorKind kind, string name) => Slots.Numbers.GetValueOrDefault(new DescriptorKey(kind, name), -1);

        private static FailureCauses OpensOf(OnFailureDefinition? onFailure) => onFailure is null
            ? FailureCauses.None
            : (onFailure.OpenWithoutBundle ? FailureCauses.NoBundle : FailureCauses.None)
                | (onFailure.OpenWithoutIdentity ? FailureCauses.IdentityUnavailable : FailureCauses.None)
                | (onFailure.OpenWithoutCounters ? FailureCauses.CountersFull : FailureCauses.None)
                | (onFailure.OpenWithoutData ? FailureCauses.DataUnavailable : FailureCauses.None);

        private List<ForwardHeader> HeadersOf(RouteIdentityDefinition identity)
        {
            var headers = new List<ForwardHeader>(identity.ForwardHeaders.Length);
            foreach (var (name, key) in identity.ForwardHeaders)
            {
                headers.Add(new ForwardHeader(name, Slots.Of(key)));
            }

            return headers;
        }

        private CredentialKinds CredentialsOf(int firstRule, CompiledGuards? guards, ForwardHeader[] headers)
        {
            var kinds = CredentialKinds.None;
            for (var i = firstRule; i < Rules.Count; i++)
            {
                foreach (var match in Rules[i].Match)
                {
                    kinds |= CredentialOf(match.Slot);
                }

                foreach (var slot in Rules[i].VerifiedSlots)
                {
                    kinds |= CredentialOf(slot);
                }
            }

            foreach (var slot in guards is null ? [] : guards.CallerSlots)
            {
                kinds |= CredentialOf(slot);
            }

            foreach (var header in headers)
            {
                kinds |= CredentialOf(header.Slot);
            }

            return kinds | (guards is null ? CredentialKinds.None : CredentialOf(guards.BreakerSlot) | CredentialOf(guards.Classes?.Slot ?? -1));
        }

        private CredentialKinds CredentialOf(int slot) => slot < 0 ? CredentialKinds.None : FactPlan.CredentialOf(Slots.KeyOf(slot).Kind);

        private CompiledRule Compile(RuleDefinition rule, string policyId, int policy, bool isFallback)
        {
            var owner = new LimitOwner(policy, Rules.Count, string.Empty, 0);
            var first = Limits.Count;
            var starts = new List<int> { first };
            _limits.Lease = rule.Lease;
            if (rule.Tiers is { } tiers)
            {
                foreach (var plan in tiers.Plans)
                {
                    _limits.Add(owner with { Variant = plan.Name == tiers.Default ? string.Empty : plan.Name }, plan.Algorithm, rule.LimitKeys);
                    starts.Add(Limits.Count);
                }
            }
            else
            {
                _limits.Add(owner, rule.Algorithm, rule.LimitKeys);
                starts.Add(Limits.Count);
            }

            var firstTrial = Limits.Count;
            var trials = rule.Shadow is { } trial ? _limits.Add(owner with { Variant = LimitOwner.Trial }, trial, rule.LimitKeys) : 0;
            var keys = UnionOfSlots(first);
            var compiled = new CompiledRule
            {
                Name = rule.Name,
                Policy = policy,
                LimitSlots = keys,

                // A fallback limit is taken because nothing else matched: conditions of its own make no sense.
                Match = isFallback ? [] : Compile(rule.Match),
                OnMissing = rule.OnMissing,
                FirstLimit = first,
                PlanStarts = [.. starts],
                FirstTrial = firstTrial,
                TrialCount = trials,
                Tiers = rule.Tiers is { } by ? new CompiledTiers(by, Slots.Of(by.By), Slots.Of(by.For)) : null,
                Enforcement = rule.Enforcement is { } share
                    ? new CompiledEnforcement(share, Slots.Of(share.By), policyId, rule.Name)
                    : null,
                VerifiedSlots = [.. keys, .. ChoosingSlots(rule)],
                IsPlain = rule.Tiers is null && rule.Enforcement is null && rule.Shadow is null && rule.Algorithm is TokenBucketDefinition,
            };
            return compiled;
        }

        private int BodyBytes(PolicyDefinition policy, int firstRule)
        {
            var bytes = Math.Max(policy.LoopDetection is null ? 0 : LoopBodyBytes, policy.Llm?.MaxBodyBytes ?? policy.Mcp?.MaxBodyBytes ?? 0);
            for (var i = firstRule < Rules.Count ? Rules[firstRule].FirstLimit : Limits.Count; i < Limits.Count; i++)
            {
                bytes = Math.Max(bytes, Limits[i].Llm?.MaxBodyBytes ?? 0);
            }

            return bytes;
        }

        private List<int> ChoosingSlots(RuleDefinition rule)
        {
            var chosen = new List<int>();
            if (rule.Tiers is { } tiers)
            {
                chosen.Add(Slots.Of(tiers.By));
                chosen.Add(Slots.Of(tiers.For));
            }

            if (rule.Enforcement is { } enforcement)
            {
                chosen.Add(Slots.Of(enforcement.By));
            }

            return chosen;
        }

        private int[] UnionOfSlots(int firstLimit)
        {
            var seen = new List<int>();
            for (var i = firstLimit; i < Limits.Count; i++)
            {
                foreach (var slot in Limits[i].Slots)
                {
                    if (!seen.Contains(slot))
                    {
                        seen.Add(slot);
                    }
                }
            }

            return [.. seen];
        }

        private CompiledMatch[] Compile(ImmutableArray<MatchEntry> match)
        {
            var compiled = new CompiledMatch[match.Length];
            for (var i = 0; i < compiled.Length; i++)
            {
                var (key, value) = match[i];
                var read = key.Kind == DescriptorKind.ClaimMember ? FactPlan.MemberKey(key, value) : key;
                compiled[i] = new CompiledMatch(Slots.Of(read), Encoding.UTF8.GetBytes(value));
            }

            return compiled;
        }
    }
}
