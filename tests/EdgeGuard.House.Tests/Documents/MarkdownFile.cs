using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Headings and links of a Markdown file; what stands in code blocks does not count.</summary>
internal sealed partial class MarkdownFile
{
    private readonly List<(int Line, string Text)> _prose = [];

    public MarkdownFile(SourceFile file)
    {
        Source = file;
        bool code = false;
        string[] lines = file.Lines;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                code = !code;
            }
            else if (!code)
            {
                _prose.Add((i + 1, lines[i]));
            }
        }
    }

    public SourceFile Source { get; }

    /// <summary>Headings without their number signs.</summary>
    public IEnumerable<(int Level, string Title)> Headings
        => _prose.Select(item => HeadingPattern().Match(item.Text)).Where(match => match.Success)
            .Select(match => (match.Groups["level"].Length, match.Groups["title"].Value.Trim()));

    public IEnumerable<(int Line, string Target)> Links
        => _prose.SelectMany(item => LinkPattern().Matches(CodeSpan().Replace(item.Text, "code"))
            .Select(match => (item.Line, match.Groups["target"].Value)));

    /// <summary>Anchors as the usual renderers make them: lower case, punctuation dropped, spaces to hyphens.</summary>
    public IEnumerable<string> Anchors
        => Headings.Select(heading => NotAnchor().Replace(heading.Title.ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    [GeneratedRegex("^(?<level>#{1,6}) (?<title>.+)$", RegexOptions.NonBacktracking)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.NonBacktracking)]
    private static partial Regex LinkPattern();

    [GeneratedRegex("`[^`]*`", RegexOptions.NonBacktracking)]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.NonBacktracking)]
    private static partial Regex NotAnchor();
}
