using System.Text.RegularExpressions;

namespace EdgeGuard.EndToEnd.Tests.Documents;

/// <summary>What a runbook or the README tells somebody to type at night is a command of the real CLI, options included.</summary>
public sealed partial class RunbookTests
{
    [Fact]
    public async Task Commands_OfReadmeAndRunbooks_Exist()
    {
        CommandLineClient cli = new(new Dictionary<string, string>(StringComparer.Ordinal));
        Dictionary<string, string> help = new(StringComparer.Ordinal);
        List<string> wrong = [];
        int checkedCommands = 0;
        foreach (string file in Directory.EnumerateFiles(RepositoryRoot.Combine("docs", "runbooks"), "*.md").Append(RepositoryRoot.Combine("README.md")))
        {
            foreach (Match match in Command().Matches(await File.ReadAllTextAsync(file)))
            {
                string[] words = match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                string[] verbs = [.. words.TakeWhile(word => Verb().IsMatch(word)).Take(2)];
                string name = string.Join(' ', verbs);
                if (!help.TryGetValue(name, out string? text))
                {
                    ProcessResult result = await cli.RunAsync([.. verbs, "--help"]);
                    help[name] = text = result.ExitCode == 0 ? result.Output : string.Empty;
                }

                checkedCommands++;
                wrong.AddRange(words.Where(word => word.StartsWith("--", StringComparison.Ordinal) && !text.Contains(word, StringComparison.Ordinal))
                    .Select(word => $"{Path.GetFileName(file)}: edgeguard {name} has no {word}"));
                if (text.Length == 0)
                {
                    wrong.Add($"{Path.GetFileName(file)}: there is no edgeguard {name}");
                }
            }
        }

        Assert.True(checkedCommands > 15, $"only {checkedCommands} commands found");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex(@"(?:^\s*|`)edgeguard (?<words>[a-z][^`\n#&|;]*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Verb();
}
