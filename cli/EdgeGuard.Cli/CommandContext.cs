using System.CommandLine;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli;

/// <summary>What every command is made with.</summary>
/// <param name="Host">What is around the CLI.</param>
/// <param name="Json">The option that every command takes.</param>
internal sealed record CommandContext(CliHost Host, Option<bool> Json)
{
    public CommandOutput Output(ParseResult parse) => new(Host, parse.GetValue(Json));
}
