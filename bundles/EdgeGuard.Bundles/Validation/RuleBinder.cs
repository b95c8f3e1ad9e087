using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes rules of nodes without error.</summary>
internal sealed class RuleBinder(DocumentFormat dialect)
{
    /// <summary>Name of a fallback limit that has none.</summary>
    public const string FallbackName = "fallback";

    public RuleDefinition Bind(Node node) => Bind(node, node.TextAt("name")!) with { Match = BindMatch(node.EntriesAt("match")) };

    public RuleDefinition BindFallback(Node node) => Bind(node, node.TextAt("name") ?? FallbackName);

    private RuleDefinition Bind(Node node, string name)
    {
        var prefix = KeyBinder.Ipv6Prefix(node);
        return new RuleDefinition
        {
            Name = name,
            LimitKeys = KeyBinder.BindAll(node["limit_keys"], prefix),
            OnMissing = node.TextAt("on_missing") switch
            {
                "deny" => OnMissing.Deny,
                "allow" => OnMissing.Allow,
                "shared" => OnMissing.Shared,
                _ => dialect == DocumentFormat.Native ? OnMissing.Deny : OnMissing.Allow,
            },
            Algorithm = BindAlgorithm(node, prefix),
            Tiers = TierBinder.Bind(node, prefix),
            Enforcement = node["enforcement"] is { } share
                ? new EnforcementDefinition(share.NumberAt("percent")!.Value, KeyBinder.Bind(share.TextAt("by")!))
                : null,
            Shadow = node["shadow"] is { } trial ? BindAlgorithm(trial, prefix) : null,
            Lease = node.TextAt("scope") == "fleet" ? BindLease(node["lease"]) : null,
        };
    }

    private static LeaseDefinition BindLease(Node? node)
    {
        var defaults = new LeaseDefinition();
        return new LeaseDefinition
        {
            SlicePercent = node?.NumberAt("slice_percent") ?? defaults.SlicePercent,
            LowWaterPercent = node?.NumberAt("low_water_percent") ?? defaults.LowWaterPercent,
            DenyWhenUnreachable = node?.TextAt("on_unreachable") == "deny",
        };
    }

    private static AlgorithmDefinition BindAlgorithm(Node owner, string prefix) =>
        LimiterBinder.Bind(owner.TextAt("algorithm")!, owner["algorithm_config"]!, prefix);

    private static ImmutableArray<MatchEntry> BindMatch(IReadOnlyList<NodeEntry> entries)
    {
        var match = ImmutableArray.CreateBuilder<MatchEntry>(entries.Count);
        foreach (var entry in entries)
        {
            match.Add(new MatchEntry(KeyBinder.Bind(entry.Key), entry.Value.Text));
        }

        return match.MoveToImmutable();
    }
}
