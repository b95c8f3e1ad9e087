namespace EdgeGuard.Cli.Tests.Commands.Shell;

public sealed class ShellCommandTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Version_Json_HasTheNumber() =>
        Assert.Equal("0.1.0", (await _cli.RunAsync("version", "--json")).Exits(0).Json["version"]!.GetValue<string>());

    [Theory]
    [InlineData("bash", "complete -o default -F _edgeguard edgeguard")]
    [InlineData("zsh", "compdef _edgeguard edgeguard")]
    [InlineData("fish", "complete -c edgeguard")]
    public async Task Completion_EachShell_CallsTheSuggestions(string shell, string registration)
    {
        var script = (await _cli.RunAsync("completion", shell)).Exits(0).Out;

        Assert.Contains(registration, script, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edgeguard ki", "kill")]
    [InlineData("edgeguard kill ad", "add")]
    [InlineData("edgeguard kill add --reas", "--reason")]
    public async Task Suggest_PartOfAWord_CompletesIt(string line, string expected) =>
        Assert.Contains(expected, (await _cli.RunAsync($"[suggest:{line.Length}]", line)).Out.Split('\n'));

    [Fact]
    public async Task UnknownCommand_Near_IsSuggestedOnce()
    {
        var result = (await _cli.RunAsync("kil", "add")).Exits(2);

        Assert.Empty(result.Out);
        Assert.Equal(
            "edgeguard error EG5001 unrecognized command or argument 'kil'\n" +
            "  fix: did you mean `kill`? (see `edgeguard --help`)        docs/errors/EG5001.md\n", result.Error);
    }

    [Fact]
    public async Task UnknownOption_Near_IsSuggested()
    {
        var result = (await _cli.RunAsync("validate", "x.yaml", "--strickt")).Exits(2);

        Assert.Contains("did you mean `--strict`?", result.Error, StringComparison.Ordinal);
    }

    // Nearer by letters is --out, but nobody who writes --org means that.
    [Fact]
    public async Task UnknownOption_ThatBeginsAnother_IsTakenForIt()
    {
        var result = (await _cli.RunAsync("key", "create", "--org", "acme")).Exits(2);

        Assert.Contains("did you mean `--organization`?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsageProblem_WithJson_IsOneDocument()
    {
        var result = (await _cli.RunAsync("kill", "add", "--json")).Exits(2);

        Assert.Equal("EG5001", result.Json["problems"]![0]!["code"]!.GetValue<string>());
        Assert.False(result.Json["ok"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("connect", "https://x", "--token", "egu_secret")]
    [InlineData("sign", "p.yaml", "--key=egu_secret", "-o")]
    public async Task SecretAsFlag_IsRefusedAndNotRepeated(params string[] args)
    {
        var result = (await _cli.RunAsync(args)).Exits(2);

        Assert.Contains("EG5014", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("egu_secret", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_EachCommand_NeedsNothingElse()
    {
        foreach (var command in (string[])["init", "validate", "test", "sign", "verify", "key", "connect", "push", "status", "edge", "kill", "config", "audit"])
        {
            Assert.Contains("Usage:", (await _cli.RunAsync(command, "--help")).Exits(0).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CliPage_EveryCommand_IsOnIt()
    {
        var page = await File.ReadAllTextAsync(EdgeGuard.Testing.RepositoryRoot.Combine("docs", "cli.md"));
        using var nobody = new StringReader(string.Empty);
        var root = CommandTree.Create(new CliHost
        {
            In = nobody,
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = _cli.Environment,
            WorkingDirectory = _cli.Folder,
        });
        foreach (var command in root.Subcommands)
        {
            Assert.Contains($"`{command.Name}", page.Replace("edgeguard ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.All(command.Subcommands, verb => Assert.Contains($"`{command.Name} {verb.Name}", page, StringComparison.Ordinal));
        }
    }
}
