using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Cli.Output;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Commands.Config;

/// <summary><c>edgeguard config show</c>: the options that an edge or control plane would run with here, read by its own code.</summary>
internal static class ShowConfigCommand
{
    public static Command Create(CommandContext context)
    {
        var controlPlane = new Option<bool>("--control-plane") { Description = "Options of a control plane instead of an edge" };
        var config = new Option<string?>("--config") { Description = "Options file" };
        var flags = new Argument<string[]>("flags") { Description = "After --: flags as the process would get them", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("show", "Print options in force and where each comes from, secrets hidden.") { controlPlane, config, flags };
        command.SetAction(parse =>
        {
            string[] args = [.. parse.GetValue(config) is { } file ? (string[])["--config", file] : [], .. parse.GetValue(flags) ?? []];
            var host = context.Host;
            var (problems, effective) = parse.GetValue(controlPlane)
                ? Flatten(OptionsLoader.LoadControlPlane(args, host.Environment, path => OptionFiles.Read(host, path)))
                : Flatten(OptionsLoader.LoadEdge(args, host.Environment, path => OptionFiles.Read(host, path)));
            return Show(context, parse, problems, effective);
        });
        return command;
    }

    private static (ImmutableArray<Diagnostic> Problems, ImmutableArray<EffectiveOption> Effective) Flatten<T>(OptionsResult<T> result)
        where T : class => (result.Diagnostics, result.Effective);

    private static int Show(
        CommandContext context, ParseResult parse, ImmutableArray<Diagnostic> problems, ImmutableArray<EffectiveOption> effective)
    {
        var document = new JsonObject
        {
            ["options"] = new JsonArray([.. effective.Select(option => new JsonObject
            {
                ["key"] = option.Key,
                ["value"] = option.Shown,
                ["source"] = option.Source,
            })]),
        };
        return context.Output(parse).Finish(
            problems.Any(problem => problem.Severity == Severity.Error) ? ExitCodes.Findings : ExitCodes.Ok,
            document,
            _ => TableText.Write(context.Host, ["KEY", "VALUE", "SOURCE"],
                [.. effective.Select(option => (IReadOnlyList<string>)[option.Key, option.Shown.Length == 0 ? "-" : option.Shown, option.Source])]),
            problems);
    }
}
