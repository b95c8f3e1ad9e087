using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Values of a map's entries by type; null when absent or of another type, which the structure check has reported.</summary>
internal static class NodeAccess
{
    public static string? TextAt(this Node node, string key) => node[key] is { Kind: NodeKind.String } value ? value.Text : null;

    public static double? NumberAt(this Node node, string key) =>
        node[key] is { Kind: NodeKind.Integer or NodeKind.Number } value ? value.Number : null;

    public static bool? FlagAt(this Node node, string key) => node[key] is { Kind: NodeKind.Boolean } value ? value.Boolean : null;

    public static DateTimeOffset? TimeAt(this Node node, string key) =>
        node.TextAt(key) is { } text && TextValidator.TryParseTimestamp(text, out var time) ? time : null;

    public static TimeSpan? DurationAt(this Node node, string key) => DurationText.TryParse(node.TextAt(key), out var duration) ? duration : null;

    /// <summary>Items of a list entry; empty when absent or of another type.</summary>
    public static IReadOnlyList<Node> ItemsAt(this Node node, string key) => node[key] is { Kind: NodeKind.List } value ? value.Items : [];

    /// <summary>Entries of a map entry; empty when absent or of another type.</summary>
    public static IReadOnlyList<NodeEntry> EntriesAt(this Node node, string key) => node[key] is { Kind: NodeKind.Map } value ? value.Entries : [];

    /// <summary>A number under its name or its alias.</summary>
    public static double? NumberAt(this Node node, string key, string alias) => node.NumberAt(key) ?? node.NumberAt(alias);
}
