using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Revoke;

/// <summary><c>edgeguard revoke remove ID</c>: what it voided counts again.</summary>
internal static class RemoveRevocationCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "Revocation" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new Command("remove", "Let credentials count again.") { id, reason, yes };
        command.SetAction(async (parse, cancellation) =>
        {
            var name = parse.GetRequiredValue(id);
            Confirmation.Require(context.Host, parse.GetValue(yes), $"Let what {Printable.Clean(name)} voids count again?");
            using var api = ControlPlaneApi.Open(context.Host);
            await api.RemoveRevocationAsync(name, parse.GetRequiredValue(reason), cancellation);
            return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["id"] = name, ["removed"] = true },
                text => text.WriteLine($"revocation {Printable.Clean(name)} is removed"));
        });
        return command;
    }
}
