using System.Text.RegularExpressions;
using EdgeGuard.Testing;

namespace EdgeGuard.Cli.Tests.Documents;

/// <summary>Every <c>edgeguard ...</c> of the documents, with where it stands.</summary>
internal static partial class DocumentedCommands
{
    /// <summary>Commands of code blocks: they are copied and run, so they must be whole.</summary>
    public static IEnumerable<(string Place, string[] Arguments)> InBlocks()
        => Pages().SelectMany(page => Blocks(page.Text).SelectMany(block => Of(page.Name, block)));

    /// <summary>Commands within sentences: they may leave out what the sentence is not about.</summary>
    public static IEnumerable<(string Place, string[] Arguments)> InSentences()
        => Pages().SelectMany(page => CodeSpan().Matches(Fence().Replace(page.Text, string.Empty)).SelectMany(match => Of(page.Name, match.Groups["code"].Value)));

    private static IEnumerable<(string Name, string Text)> Pages()
        => Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(RepositoryRoot.Path, "*.md"))
            .Select(path => (Path.GetRelativePath(RepositoryRoot.Path, path), File.ReadAllText(path)));

    /// <summary>Blocks that a shell reads; what a program printed is told by <c>text</c> or by nothing.</summary>
    private static IEnumerable<string> Blocks(string text)
        => Fence().Matches(text).Where(match => match.Groups["language"].Value == "sh").Select(match => match.Groups["code"].Value);

    private static IEnumerable<(string Place, string[] Arguments)> Of(string page, string text)
        => ShellText.Commands(text)
            .Where(words => words.Count > 1 && words[0] == "edgeguard")
            .Select(words => ($"{page}: {string.Join(' ', words)}", words.Skip(1).ToArray()));

    [GeneratedRegex(@"^ *```(?<language>\w*)\n(?<code>[\s\S]*?)^ *```", RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex CodeSpan();
}
