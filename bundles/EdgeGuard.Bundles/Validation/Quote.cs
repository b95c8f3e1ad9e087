using System.Text;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Values as messages show them: short, printable, and never a secret.</summary>
internal static class Quote
{
    private const int MaxShown = 60;

    /// <summary>The value of a node, in quotes when it is a text. What looks like a secret is not shown.</summary>
    public static string Value(Node node) => node.Kind switch
    {
        NodeKind.String => Text(node.Text),
        NodeKind.List => "a list",
        NodeKind.Map => "a map",
        NodeKind.Null => "null",
        _ => Shorten(node.Text),
    };

    /// <summary>A text in quotes. What looks like a secret is not shown.</summary>
    public static string Text(string text) => SecretPatterns.LooksSecret(text) ? "(not shown: it looks like a secret)" : $"\"{Shorten(text)}\"";

    /// <summary>A text cut to what a message can hold, without control characters.</summary>
    public static string Shorten(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, MaxShown) + 3);
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= MaxShown)
            {
                return shown.Append("...").ToString();
            }

            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>What a node is, with its article.</summary>
    public static string Kind(NodeKind kind) => kind switch
    {
        NodeKind.Null => "null",
        NodeKind.Boolean => "true or false",
        NodeKind.Integer => "a whole number",
        NodeKind.Number => "a number",
        NodeKind.String => "text",
        NodeKind.List => "a list",
        _ => "a map",
    };
}
