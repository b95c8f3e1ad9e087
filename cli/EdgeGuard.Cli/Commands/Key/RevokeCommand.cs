using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary><c>edgeguard key revoke ID</c>: refuses an API key on every edge.</summary>
internal static class RevokeCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "API key" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new Command("revoke", "Refuse an API key from now on, for good.") { id, reason, yes };
        command.SetAction(async (parse, cancellation) =>
        {
            var key = parse.GetRequiredValue(id);
            Confirmation.Require(context.Host, parse.GetValue(yes), $"Revoke {Printable.Clean(key)} for good?");
            using var api = ControlPlaneApi.Open(context.Host);
            await api.RevokeApiKeyAsync(key, parse.GetRequiredValue(reason), cancellation);
            return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["id"] = key, ["revoked"] = true },
                text => text.WriteLine($"key {Printable.Clean(key)} is revoked"));
        });
        return command;
    }
}
