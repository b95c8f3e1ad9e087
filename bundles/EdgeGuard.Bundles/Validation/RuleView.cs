using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>A rule or fallback limit as validators see it.</summary>
internal sealed class RuleView(Node node, PolicyView policy, string segment, bool isFallback)
{
    public Node Node { get; } = node;

    public PolicyView Policy { get; } = policy;

    public bool IsFallback { get; } = isFallback;

    /// <summary>Name, <c>fallback</c> for a fallback limit without one, or null.</summary>
    public string? Name => Node.TextAt("name") ?? (IsFallback ? RuleBinder.FallbackName : null);

    public Node? Config => Node["algorithm_config"];

    /// <summary>What the rule counts by, and of a hierarchy what its first and widest level does.</summary>
    public IReadOnlyList<Node> WidestKeys =>
        Node.TextAt("algorithm") == "hierarchy" && Config?.ItemsAt("levels") is [var first, ..] ? first.ItemsAt("limit_keys") : Node.ItemsAt("limit_keys");

    public string Path => $"{Policy.Path}.spec.{segment}";
}
