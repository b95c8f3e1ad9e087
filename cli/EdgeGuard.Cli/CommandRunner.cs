using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Cli.Output;
using EdgeGuard.Options;

namespace EdgeGuard.Cli;

/// <summary>Parses a command line, runs the command, and turns every failure into findings and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(string[] args, CliHost host, CancellationToken cancellation = default)
    {
        var wantsJson = args.Contains("--json", StringComparer.Ordinal);
        try
        {
            RefuseSecrets(args);
            var parse = CommandTree.Create(host).Parse(args);
            var isDirective = args.Length > 0 && args[0].StartsWith('[');
            if (!isDirective && !AsksForHelp(args) && Explain(parse) is { IsEmpty: false } problems)
            {
                throw new CliFailureException(ExitCodes.Usage, problems);
            }

            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = host.Out, Error = host.Error, EnableDefaultExceptionHandler = false }, cancellation);
        }
        catch (CliFailureException failure)
        {
            return new CommandOutput(host, wantsJson).Finish(failure.ExitCode, [], static _ => { }, failure.Problems);
        }
        catch (OperationCanceledException)
        {
            // 130 = 128 + SIGINT, as shells expect.
            return 130;
        }
        catch (Exception problem)
        {
            // A defect of ours: say which, without the trace that only frightens.
            var failure = new Diagnostic(CliCodes.Internal, Severity.Error, SourceLocation.None, string.Empty,
                $"unexpected {problem.GetType().Name}: {problem.Message}", "please report this with the command that you ran, without secrets");
            return new CommandOutput(host, wantsJson).Finish(ExitCodes.Unreachable, [], static _ => { }, [failure]);
        }
    }

    private static bool AsksForHelp(string[] args) => args.Any(arg => arg is "-h" or "--help" or "-?");

    /// <summary>Before parsing: the parser's own message would print what follows the flag.</summary>
    private static void RefuseSecrets(string[] args)
    {
        foreach (var arg in args.TakeWhile(arg => arg != "--"))
        {
            var flag = arg.Split('=')[0];
            if (flag is "--token" or "--key" or "--signing-key" or "--edge-token")
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.SecretOnCommandLine, flag, "a secret is not accepted on the command line",
                    $"write it to a file of mode 0600 and use {(flag is "--token" or "--edge-token" ? "--token-file" : "--key-file")}");
            }
        }
    }

    private static ImmutableArray<Diagnostic> Explain(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var path = string.Join(' ', Path(parse.CommandResult));
        var help = $"see `{path} --help`";
        var candidates = command.Subcommands.Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name)).ToArray();
        return
        [
            .. Messages(parse).Select(message =>
            {
                var unmatched = parse.Tokens.FirstOrDefault(token => message.Contains($"'{token.Value}'", StringComparison.Ordinal))?.Value;
                var nearest = unmatched is null ? null : Begun(unmatched, candidates) ?? NearestName.Find(unmatched, candidates);
                var fix = nearest is null ? help : $"did you mean `{nearest}`? ({help})";
                return new Diagnostic(CliCodes.Usage, Severity.Error, new SourceLocation(path, 0, 0), string.Empty, Sentence(message), fix);
            }),
        ];
    }

    // Whoever writes --org means --organization, however near --out may be. Two letters at least, and one name only that begins so.
    private static string? Begun(string word, string[] candidates)
    {
        var begun = word.TrimStart('-').Length < 2 ? [] : candidates.Where(name => name.StartsWith(word, StringComparison.Ordinal)).Take(2).ToArray();
        return begun is [var only] ? only : null;
    }

    /// <summary>After a word that is not known, what follows is no news: only that word is told.</summary>
    private static string[] Messages(ParseResult parse)
    {
        // A command that takes any number of files would take a mistyped flag for one more.
        var flag = parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal));
        if (flag is not null)
        {
            return [$"Unrecognized command or argument '{flag.Value}'."];
        }

        var messages = parse.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal).ToArray();
        var first = parse.UnmatchedTokens.Count == 0
            ? null
            : Array.Find(messages, message => message.Contains($"'{parse.UnmatchedTokens[0]}'", StringComparison.Ordinal));
        return first is null ? messages : [first];
    }

    /// <summary>The parser's sentences in the style of all other findings: no capital, no full stop.</summary>
    private static string Sentence(string message) =>
        message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + string.Join(' ', message[1..].TrimEnd('.').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Path(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: not RootCommand } command)
            {
                names.Insert(0, command.Command.Name);
            }
        }

        return names.Prepend("edgeguard");
    }
}
