using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Links inside the repository lead somewhere.</summary>
internal static class LinkRules
{
    /// <param name="file">File whose links are followed.</param>
    /// <param name="find">Gives the file at a path, null for a folder, or throws <see cref="FileNotFoundException"/>.</param>
    public static IEnumerable<Finding> Check(SourceFile file, Func<string, SourceFile?> find)
    {
        MarkdownFile markdown = new(file);
        foreach ((int line, string target) in markdown.Links)
        {
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                continue;
            }

            string[] parts = target.Split('#', 2);
            MarkdownFile? linked = markdown;
            if (parts[0].Length > 0)
            {
                string path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(file.Path)!, parts[0])));
                if (!TryFind(find, path, out SourceFile? found))
                {
                    yield return new Finding(file.Path, line, $"link {target} leads nowhere");
                    continue;
                }

                linked = found is null ? null : new MarkdownFile(found);
            }

            if (parts.Length == 2 && linked?.Source.Extension == ".md" && !linked.Anchors.Contains(parts[1], StringComparer.Ordinal))
            {
                yield return new Finding(file.Path, line, $"link {target}: {linked.Source.Path} has no heading of that name");
            }
        }
    }

    private static bool TryFind(Func<string, SourceFile?> find, string path, out SourceFile? found)
    {
        try
        {
            found = find(path);
            return true;
        }
        catch (FileNotFoundException)
        {
            found = null;
            return false;
        }
    }
}
