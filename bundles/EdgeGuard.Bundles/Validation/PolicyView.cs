using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>A policy as validators see it: what is there, whether or not it is right.</summary>
internal sealed class PolicyView
{
    public PolicyView(Node node, int index)
    {
        Index = index;
        Node = node;
        Id = node.TextAt("id");
        Spec = node["spec"];
        Selector = Spec?["selector"];
        var rules = new List<RuleView>();
        var nodes = Spec?.ItemsAt("rules") ?? [];
        for (var i = 0; i < nodes.Count; i++)
        {
            rules.Add(new RuleView(nodes[i], this, "rules[" + i.ToString(CultureInfo.InvariantCulture) + "]", isFallback: false));
        }

        Rules = rules;
        Fallback = Spec?["fallback_limit"] is { } fallback ? new RuleView(fallback, this, "fallback_limit", isFallback: true) : null;
    }

    public int Index { get; }

    public Node Node { get; }

    public string? Id { get; }

    public Node? Spec { get; }

    public Node? Selector { get; }

    public IReadOnlyList<RuleView> Rules { get; }

    public RuleView? Fallback { get; }

    public string Path => $"policies[{Index}]";

    /// <summary>Rules, then the fallback limit.</summary>
    public IEnumerable<RuleView> AllRules => Fallback is null ? Rules : Rules.Append(Fallback);
}
