using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGuard.Cli.Commands.Shell;

/// <summary><c>edgeguard completion SHELL</c>: a script to load into the shell.</summary>
internal static class CompletionCommand
{
    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell.") { shell };
        command.SetAction(parse =>
        {
            var name = parse.GetRequiredValue(shell);
            var script = Encoding.UTF8.GetString(EmbeddedText.Read("completions/" + name));
            return context.Output(parse).Finish(
                ExitCodes.Ok, new JsonObject { ["shell"] = name, ["script"] = script }, output => output.Write(script));
        });
        return command;
    }
}
