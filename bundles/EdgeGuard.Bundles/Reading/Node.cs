using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// A value of a document with its place in the text: the one model that YAML and JSON are read into and that every validator,
/// binder and writer works on. Immutable.
/// </summary>
public sealed class Node
{
    private Node(NodeKind kind, SourceLocation location)
    {
        Kind = kind;
        Location = location;
    }

    /// <summary>What the node is.</summary>
    public NodeKind Kind { get; }

    /// <summary>Where its value starts.</summary>
    public SourceLocation Location { get; }

    /// <summary>Text of a string; the literal as written of a number or Boolean; empty otherwise.</summary>
    public string Text { get; private init; } = string.Empty;

    /// <summary>Value of an <see cref="NodeKind.Integer"/>.</summary>
    public long Integer { get; private init; }

    /// <summary>Value of an <see cref="NodeKind.Integer"/> or <see cref="NodeKind.Number"/>.</summary>
    public double Number { get; private init; }

    /// <summary>Value of a <see cref="NodeKind.Boolean"/>.</summary>
    public bool Boolean { get; private init; }

    /// <summary>Items of a list, in order; empty otherwise.</summary>
    public IReadOnlyList<Node> Items { get; private init; } = [];

    /// <summary>Entries of a map in the order written, keys unique; empty otherwise.</summary>
    public IReadOnlyList<NodeEntry> Entries { get; private init; } = [];

    /// <summary>The value of a map's entry, or null.</summary>
    public Node? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (string.Equals(entry.Key, key, StringComparison.Ordinal))
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }

    /// <summary>A null.</summary>
    public static Node OfNull(SourceLocation location) => new(NodeKind.Null, location);

    /// <summary>A Boolean.</summary>
    public static Node OfBoolean(bool value, SourceLocation location) =>
        new(NodeKind.Boolean, location) { Boolean = value, Text = value ? "true" : "false" };

    /// <summary>A whole number.</summary>
    public static Node OfInteger(long value, string text, SourceLocation location) =>
        new(NodeKind.Integer, location) { Integer = value, Number = value, Text = text };

    /// <summary>A finite number that is not whole or does not fit 64 bits.</summary>
    public static Node OfNumber(double value, string text, SourceLocation location) =>
        new(NodeKind.Number, location) { Number = value, Text = text };

    /// <summary>A string.</summary>
    public static Node OfString(string value, SourceLocation location) => new(NodeKind.String, location) { Text = value };

    /// <summary>A list.</summary>
    public static Node OfList(IReadOnlyList<Node> items, SourceLocation location) => new(NodeKind.List, location) { Items = items };

    /// <summary>A map; the caller has made sure that keys are unique.</summary>
    public static Node OfMap(IReadOnlyList<NodeEntry> entries, SourceLocation location) =>
        new(NodeKind.Map, location) { Entries = entries };
}
