using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Text files look the same everywhere and name no place that exists on one machine only.</summary>
internal static partial class TextRules
{
    public static IEnumerable<Finding> Form(SourceFile file)
    {
        if (file.Text.StartsWith('\uFEFF'))
        {
            yield return new Finding(file.Path, 1, "begins with a byte order mark");
        }

        if (file.Text.Contains('\r', StringComparison.Ordinal))
        {
            yield return new Finding(file.Path, 0, "has carriage returns; lines end with LF");
        }

        if (file.Text.Length > 0 && !file.Text.EndsWith('\n'))
        {
            yield return new Finding(file.Path, file.LineCount, "does not end with a line break");
        }
    }

    public static IEnumerable<Finding> MachinePaths(SourceFile file)
    {
        string[] lines = file.Lines;
        for (int i = 0; i < lines.Length; i++)
        {
            if (MachinePath().Match(lines[i]) is { Success: true } match)
            {
                yield return new Finding(file.Path, i + 1, $"names {match.Groups["path"].Value}; use a temporary folder, an option, or a path in the repository");
            }
        }
    }

    // "${TMPDIR:-/tmp}" is how a shell says "wherever temporary files go": the character before the slash excludes it.
    [GeneratedRegex(@"(?:^|[\s""'=`(,])(?<path>/(?:work|root|tmp|home/[a-z]+)/[\w.-]*)")]
    private static partial Regex MachinePath();
}
