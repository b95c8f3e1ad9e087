using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Input;

namespace EdgeGuard.Cli.Commands.Bundle;

/// <summary><c>edgeguard init [DIR]</c>: a bundle to start from, with its tests.</summary>
internal static class InitCommand
{
    internal const string FileName = "policies.yaml";
    internal static readonly string[] Templates = ["api", "llm", "webhook"];

    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("dir") { Description = "Folder", DefaultValueFactory = _ => "." };
        var template = new Option<string>("--template", "-t") { Description = "What it is for", DefaultValueFactory = _ => "api" };
        template.AcceptOnlyFromAmong(Templates);
        var command = new Command("init", "Write a policies.yaml to start from.") { folder, template };
        command.SetAction(parse => Run(context, parse, parse.GetRequiredValue(folder), parse.GetRequiredValue(template)));
        return command;
    }

    private static int Run(CommandContext context, ParseResult parse, string folder, string template)
    {
        var path = folder == "." ? FileName : Path.Combine(folder, FileName);
        CliFiles.Write(context.Host, path, EmbeddedText.Read("templates/" + template), isSecret: false);
        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["file"] = path, ["template"] = template }, output =>
        {
            output.WriteLine($"{path}: written from template {template}");
            output.WriteLine($"next: edgeguard validate {path}");
        });
    }
}
