using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Whether one selector takes every request that another one takes.</summary>
internal static class SelectorCover
{
    public static bool Covers(Node? wide, Node? narrow) =>
        wide is not null && narrow is not null && CoversPath(wide, narrow) && CoversList(wide, narrow, "hosts") && CoversList(wide, narrow, "methods");

    private static bool CoversPath(Node wide, Node narrow)
    {
        var exact = Exact(narrow);
        if (Exact(wide) is { } only)
        {
            return string.Equals(only, exact, StringComparison.Ordinal);
        }

        if (Prefix(wide) is not { } prefix)
        {
            return true;
        }

        var path = exact ?? Prefix(narrow);
        if (path is null || !path.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        // With a closing slash a prefix takes what is below it only; without, itself and what follows on a segment boundary.
        return prefix.EndsWith('/') ? exact is null || path.Length > prefix.Length : path.Length == prefix.Length || path[prefix.Length] == '/';
    }

    private static bool CoversList(Node wide, Node narrow, string field)
    {
        var all = wide.ItemsAt(field);
        var some = narrow.ItemsAt(field);
        return all.Count == 0 || (some.Count > 0 && some.All(item => all.Any(other => string.Equals(other.Text, item.Text, StringComparison.OrdinalIgnoreCase))));
    }

    private static string? Exact(Node node) => node.TextAt("pathExact") ?? node.TextAt("path_exact");

    private static string? Prefix(Node node) => node.TextAt("pathPrefix") ?? node.TextAt("path_prefix");
}
