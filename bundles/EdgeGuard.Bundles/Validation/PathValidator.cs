using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>
/// Paths of selectors and kill switches are compared with canonical request paths (query cut off, percent-decoded once, dot
/// segments removed), so one that is not canonical itself could never match.
/// </summary>
internal static class PathValidator
{
    public static void Check(Node node, string path, Findings findings)
    {
        var problem = Problem(node.Text);
        if (problem is not null)
        {
            findings.Error(MeaningCodes.PathNotCanonical, node.Location, path, $"{Quote.Text(node.Text)} {problem.Value.Message}", problem.Value.Fix);
        }
    }

    private static (string Message, string Fix)? Problem(string text)
    {
        if (!text.StartsWith('/'))
        {
            return null; // The structure check has said so.
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '?' or '#')
            {
                return ("has a query or fragment, and only the path is compared", $"cut it before the {c}; match a query parameter with match: {{\"query:name\": ...}}");
            }

            if (char.IsControl(c) || c == '\\')
            {
                return ("holds a character that no accepted path has", "remove it");
            }

            if (c == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                return ("is percent-encoded, and paths are compared decoded", "write the decoded character");
            }
        }

        foreach (var segment in text.AsSpan().Split('/'))
        {
            if (text.AsSpan(segment) is "." or "..")
            {
                return ("has a dot segment, which no canonical path has", "write the path that it leads to");
            }
        }

        return null;
    }
}
