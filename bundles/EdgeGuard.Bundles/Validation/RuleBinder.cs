using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes rules of nodes without error.</summary>
internal sealed class RuleBinder(DocumentFormat dialect)
{
    /// <summary>Name of a fallback limit that has none.</summary>
    public const string FallbackName = "fallback";

    public RuleDefinition Bind(Node node) => Bind(node, node.TextAt("name")!) with { Match = BindMatch(node.EntriesAt("match")) };

    public RuleDefinition BindFallback(Node node) => Bind(node, node.TextAt("name") ?? FallbackName);

    private RuleDefinition Bind(Node node, string name) => new()
    {
        Name = name,
        LimitKeys = DocumentBinder.Each(node["limit_keys"], key => Descriptor(key.Text)),
        OnMissing = node.TextAt("on_missing") switch
        {
            "deny" => OnMissing.Deny,
            "allow" => OnMissing.Allow,
            "shared" => OnMissing.Shared,
            _ => dialect == DocumentFormat.Native ? OnMissing.Deny : OnMissing.Allow,
        },
        Algorithm = BindTokenBucket(node["algorithm_config"]!),
    };

    private static TokenBucketDefinition BindTokenBucket(Node node) => new()
    {
        TokensPerSecond = node.NumberAt("tokens_per_second", "rps")!.Value,
        Burst = node.NumberAt("burst")!.Value,
        Cost = BindCost(node, "cost_source"),
    };

    private static CostSource BindCost(Node node, string sourceField)
    {
        DescriptorKey? key = node.TextAt(sourceField) is { } source && DescriptorCatalog.TryParse(source, out var parsed) ? parsed : null;
        var fixedCost = node.NumberAt("fixed_cost") ?? 1;
        var defaultCost = node.NumberAt("default_cost") ?? 1;
        return new CostSource(key, fixedCost, defaultCost, node.NumberAt("min_cost") ?? Math.Min(1, defaultCost));
    }

    private static ImmutableArray<MatchEntry> BindMatch(IReadOnlyList<NodeEntry> entries)
    {
        var match = ImmutableArray.CreateBuilder<MatchEntry>(entries.Count);
        foreach (var entry in entries)
        {
            match.Add(new MatchEntry(Descriptor(entry.Key), entry.Value.Text));
        }

        return match.MoveToImmutable();
    }

    private static DescriptorKey Descriptor(string text) =>
        DescriptorCatalog.TryParse(text, out var key) ? key : throw new InvalidOperationException("bound before it was validated");
}
