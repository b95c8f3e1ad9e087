using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Decision records are numbered once, and say why, what and what follows.</summary>
internal static partial class AdrRules
{
    private static readonly string[] Sections = ["Context", "Decision", "Consequences"];

    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> records)
    {
        Dictionary<string, string> numbers = new(StringComparer.Ordinal);
        foreach (SourceFile record in records)
        {
            Match name = FileName().Match(Path.GetFileName(record.Path));
            if (!name.Success)
            {
                yield return new Finding(record.Path, 0, "is not called NNNN-title-in-lower-case.md");
                continue;
            }

            string number = name.Groups["number"].Value;
            if (!numbers.TryAdd(number, record.Path))
            {
                yield return new Finding(record.Path, 0, $"has the number of {numbers[number]}");
            }

            (int Level, string Title)[] headings = [.. new MarkdownFile(record).Headings];
            if (headings.Length == 0 || headings[0].Level != 1 || !headings[0].Title.Contains(number, StringComparison.Ordinal))
            {
                yield return new Finding(record.Path, 1, $"does not begin with a heading that has its number {number}");
            }

            foreach (string section in Sections.Where(section => !headings.Contains((2, section))))
            {
                yield return new Finding(record.Path, 0, $"has no section '## {section}'");
            }
        }
    }

    [GeneratedRegex(@"^(?<number>\d{4})-[a-z0-9][a-z0-9-]*\.md$", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
