using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>From a path such as <c>policies[3].spec.rules[0]</c> to its place in the text.</summary>
internal static class NodePlaces
{
    /// <summary>The place of the deepest part of the path that exists.</summary>
    public static SourceLocation Find(Node root, string path)
    {
        var node = root;
        foreach (var part in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = part.EndsWith(']') && int.TryParse(part.AsSpan(0, part.Length - 1), CultureInfo.InvariantCulture, out var index)
                ? (index >= 0 && index < node.Items.Count ? node.Items[index] : null)
                : node[part.TrimEnd(']')];
            if (next is null)
            {
                break;
            }

            node = next;
        }

        return node.Location;
    }
}
