using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Routes to models and tools: providers that are there, lists that say one thing, and costs and descriptors only where they are known.</summary>
internal sealed class ModelRouteValidator
{
    private readonly Dictionary<string, Node> _providers = new(StringComparer.Ordinal);
    private readonly Findings _findings;

    public ModelRouteValidator(DocumentView document, Findings findings)
    {
        _findings = findings;
        var providers = document.Root.ItemsAt("llm_providers");
        for (var i = 0; i < providers.Count; i++)
        {
            var provider = providers[i];
            CheckPrices(provider.ItemsAt("prices"), i);
            if (provider.TextAt("id") is { } id)
            {
                _providers.TryAdd(id, provider);
            }
        }
    }

    /// <summary>Whether a rule's config counts what a request costs at its provider.</summary>
    public static bool CountsCost(Node? config) => config?.TextAt("cost_key") == CommonShapes.LlmCost;

    public void Check(PolicyView policy)
    {
        var (llm, mcp) = (policy.Spec?["llm"], policy.Spec?["mcp"]);
        var path = policy.Path + ".spec";
        if (llm is not null && mcp is not null)
        {
            _findings.Error(
                MeaningCodes.ModelRouteContradicts, mcp.Location, path + ".mcp", "a route leads to models or to tools, not to both", "make two policies of it");
        }

        if (llm is not null)
        {
            CheckProvider(llm, path + ".llm");
            CheckLists(llm, "models", path + ".llm");
        }

        if (mcp is not null)
        {
            CheckLists(mcp, "tools", path + ".mcp");
        }

        foreach (var rule in policy.AllRules)
        {
            CheckCosts(rule, llm);
            CheckDescriptors(rule, llm is not null, mcp is not null);
        }

        CheckElsewhere(policy);
        if (policy.Spec?["circuit_breaker"] is { } breaker && breaker["enabled"] is { Kind: NodeKind.Boolean, Boolean: true }
            && policy.Rules is [var first, ..] && CountsCost(first.Config))
        {
            _findings.Error(
                MeaningCodes.LlmCostMisplaced,
                breaker.Location,
                path + ".circuit_breaker",
                "a circuit breaker counts what its policy's first rule costs, and llm:cost is not known to it",
                "put a token_bucket_llm rule first: the breaker then counts tokens");
        }
    }

    private void CheckPrices(IReadOnlyList<Node> prices, int provider)
    {
        var models = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < prices.Count; i++)
        {
            if (prices[i].TextAt("model") is { } model && !models.Add(model))
            {
                _findings.Error(
                    MeaningCodes.ModelRouteContradicts,
                    prices[i]["model"]!.Location,
                    string.Create(CultureInfo.InvariantCulture, $"llm_providers[{provider}].prices[{i}].model"),
                    $"{Quote.Text(model)} has a price already",
                    "remove one of the two");
            }
        }
    }

    private void CheckProvider(Node llm, string path)
    {
        if (llm["provider"] is not { Kind: NodeKind.String } name)
        {
            return;
        }

        if (!_providers.TryGetValue(name.Text, out var provider))
        {
            var nearest = _findings.IsFull ? null : NearestName.Of(name.Text, _providers.Keys);
            _findings.Error(
                MeaningCodes.UnknownProvider,
                name.Location,
                path + ".provider",
                $"no provider has the id {Quote.Text(name.Text)}",
                nearest is null ? "add it to llm_providers" : $"did you mean {nearest}?");
        }
        else if (llm.TextAt("unit") == "money" && provider.ItemsAt("prices").Count == 0)
        {
            _findings.Error(
                MeaningCodes.ModelRouteContradicts,
                llm["unit"]!.Location,
                path + ".unit",
                $"the provider {Quote.Text(name.Text)} has no prices, so that no request could be counted in money",
                "add prices to the provider, or count in tokens");
        }
    }

    private void CheckLists(Node route, string what, string path)
    {
        var denied = route.ItemsAt("denied_" + what).Where(item => item.Kind == NodeKind.String).Select(item => item.Text).ToHashSet(StringComparer.Ordinal);
        var allowed = route.ItemsAt("allowed_" + what);
        for (var i = 0; i < allowed.Count; i++)
        {
            if (allowed[i].Kind == NodeKind.String && denied.Contains(allowed[i].Text))
            {
                _findings.Error(
                    MeaningCodes.ModelRouteContradicts,
                    allowed[i].Location,
                    string.Create(CultureInfo.InvariantCulture, $"{path}.allowed_{what}[{i}]"),
                    $"{Quote.Text(allowed[i].Text)} is denied as well, so it can never be used",
                    $"remove it from allowed_{what} or from denied_{what}");
            }
        }
    }

    private void CheckCosts(RuleView rule, Node? llm)
    {
        var isTop = rule.Node.TextAt("algorithm") == "cost_based";
        CheckCost(rule.Config, rule.Path + ".algorithm_config", llm is not null && isTop);
        CheckCost(rule.Node["shadow"]?["algorithm_config"], rule.Path + ".shadow.algorithm_config", llm is not null);
        var levels = rule.Config?.ItemsAt("levels") ?? [];
        for (var i = 0; i < levels.Count; i++)
        {
            CheckCost(levels[i]["algorithm_config"], string.Create(CultureInfo.InvariantCulture, $"{rule.Path}.algorithm_config.levels[{i}].algorithm_config"), isFit: false);
        }

        // The plans of a rule replace its numbers and share its counters.
        if (CountsCost(rule.Config) && rule.Node["tiers"] is { } tiers)
        {
            _findings.Error(
                MeaningCodes.LlmCostMisplaced, tiers.Location, rule.Path + ".tiers", "a budget of llm:cost has no plans", "make a policy or a rule with match for each plan");
        }
    }

    private void CheckCost(Node? config, string path, bool isFit)
    {
        if (!isFit && CountsCost(config))
        {
            _findings.Error(
                MeaningCodes.LlmCostMisplaced,
                config!["cost_key"]!.Location,
                path + ".cost_key",
                "llm:cost is known to cost_based rules of policies with llm only, and not to levels or plans",
                "add llm to the policy, or read the cost from somewhere else");
        }
    }

    private void CheckDescriptors(RuleView rule, bool llm, bool mcp)
    {
        CheckKeys(rule.Node, rule.Path, llm, mcp);
        var levels = rule.Config?.ItemsAt("levels") ?? [];
        for (var i = 0; i < levels.Count; i++)
        {
            CheckKeys(levels[i], string.Create(CultureInfo.InvariantCulture, $"{rule.Path}.algorithm_config.levels[{i}]"), llm, mcp);
        }

        foreach (var entry in rule.Node.EntriesAt("match"))
        {
            CheckKey(entry.Key, entry.Value, rule.Path + ".match", llm, mcp);
        }

        foreach (var (owner, field) in (ReadOnlySpan<(string, string)>)[("enforcement", "by"), ("tiers", "by"), ("tiers", "for")])
        {
            if (rule.Node[owner]?[field] is { Kind: NodeKind.String } node)
            {
                CheckKey(node.Text, node, $"{rule.Path}.{owner}.{field}", llm: false, mcp: false);
            }
        }
    }

    private void CheckKeys(Node owner, string path, bool llm, bool mcp)
    {
        var keys = owner.ItemsAt("limit_keys");
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Kind == NodeKind.String)
            {
                CheckKey(keys[i].Text, keys[i], string.Create(CultureInfo.InvariantCulture, $"{path}.limit_keys[{i}]"), llm, mcp);
            }
        }
    }

    // Known after the policy has matched and its body has been read, so nothing that is asked before can use them.
    private void CheckElsewhere(PolicyView policy)
    {
        if (policy.Spec?["adaptive_concurrency"]?["priority"]?["by"] is { Kind: NodeKind.String } by)
        {
            CheckKey(by.Text, by, policy.Path + ".spec.adaptive_concurrency.priority.by", llm: false, mcp: false);
        }
    }

    private void CheckKey(string text, Node node, string path, bool llm, bool mcp)
    {
        if (!DescriptorCatalog.TryParse(text, out var key))
        {
            return;
        }

        var isFit = key.Kind switch
        {
            DescriptorKind.LlmProperty => llm,
            DescriptorKind.McpProperty => mcp,
            _ => true,
        };
        if (!isFit)
        {
            _findings.Error(
                MeaningCodes.ModelDescriptorMisplaced,
                node.Location,
                path,
                $"{Quote.Text(text)} is known to limit_keys and match of policies with {(key.Kind == DescriptorKind.LlmProperty ? "llm" : "mcp")} only",
                "use it there, or count by something else");
        }
    }
}
