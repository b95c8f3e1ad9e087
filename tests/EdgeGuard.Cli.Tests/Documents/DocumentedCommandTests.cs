using System.CommandLine;

namespace EdgeGuard.Cli.Tests.Documents;

/// <summary>What the documents tell people to type is understood.</summary>
public sealed class DocumentedCommandTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Blocks_OfEveryPage_HoldWholeCommands()
    {
        var commands = DocumentedCommands.InBlocks().ToArray();

        Assert.True(commands.Length > 15, $"only {commands.Length} commands were found");
        Assert.Empty(commands.SelectMany(command => Parse(command.Arguments).Errors.Select(error => $"{command.Place}: {error.Message}")));
    }

    [Fact]
    public void Sentences_OfEveryPage_NameCommandsAndFlagsThatExist()
    {
        var commands = DocumentedCommands.InSentences().ToArray();

        Assert.True(commands.Length > 15, $"only {commands.Length} commands were found");
        Assert.Empty(commands.Where(command => !IsKnown(command.Arguments)).Select(command => command.Place));
    }

    [Fact]
    public void KillScope_OfEveryPage_HasDescriptorAndValue() =>
        Assert.Empty(DocumentedCommands.InBlocks().Concat(DocumentedCommands.InSentences())
            .Where(command => command.Arguments is ["kill", "add", var scope, ..] && !scope.StartsWith('-') && !scope.Contains('='))
            .Select(command => command.Place));

    [Theory]
    [InlineData("edgeguard status   # words after a sign", "status")]
    [InlineData("edgeguard push p.yaml --message \"two words\"", "push|p.yaml|--message|two words")]
    [InlineData("source <(edgeguard completion bash)", "completion|bash")]
    [InlineData("edgeguard sign p.yaml \\\n  -o 'p q.jws' && mv a b", "sign|p.yaml|-o|p q.jws")]
    public void ShellText_OfACommand_IsItsWords(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', ShellText.Commands(text).Single(words => words[0] == "edgeguard").Skip(1)));

    private ParseResult Parse(string[] arguments)
    {
        using var nobody = new StringReader(string.Empty);
        return CommandTree.Create(new CliHost
        {
            In = nobody,
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = _cli.Environment,
            WorkingDirectory = _cli.Folder,
        }).Parse(arguments);
    }

    /// <summary>Whether command words and flags exist; arguments may be missing.</summary>
    private bool IsKnown(string[] arguments)
    {
        var parse = Parse(arguments);
        var command = parse.CommandResult.Command;
        var flags = command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Append("--json").Append("--help").ToHashSet(StringComparer.Ordinal);
        return (command.Parents.Any() || arguments[0].StartsWith('-')) && arguments.TakeWhile(word => word != "--").Where(word => word.StartsWith('-')).All(flags.Contains)
            && (command.Arguments.Count > 0 || parse.UnmatchedTokens.Count == 0);
    }
}
