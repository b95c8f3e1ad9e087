using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Kill;

/// <summary><c>edgeguard kill remove ID</c>: lets the traffic through again.</summary>
internal static class RemoveKillCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "Kill switch" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit log", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var local = new Option<bool>("--local") { Description = "At the edge on this machine" };
        var socket = LocalOptions.Socket();
        var command = new Command("remove", "Let traffic through again.") { id, reason, yes, local, socket };
        command.SetAction((parse, cancellation) => RunAsync(
            context, parse, parse.GetRequiredValue(id), parse.GetRequiredValue(reason), parse.GetValue(yes),
            parse.GetValue(local) ? (true, parse.GetValue(socket)) : (false, null), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, ParseResult parse, string id, string reason, bool yes, (bool Is, string? Socket) local, CancellationToken cancellation)
    {
        Confirmation.Require(context.Host, yes, $"Let traffic of {Printable.Clean(id)} through again?");
        if (local.Is)
        {
            using var edge = AdminSocket.Open(context.Host, local.Socket);
            await edge.SendAsync(
                HttpMethod.Delete, $"{AdminSocket.Kill}/{Uri.EscapeDataString(id)}?reason={Uri.EscapeDataString(reason)}", null, cancellation);
        }
        else
        {
            using var api = ControlPlaneApi.Open(context.Host);
            await api.RemoveKillSwitchAsync(id, reason, cancellation);
        }

        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["id"] = id, ["removed"] = true, ["local"] = local.Is },
            output => output.WriteLine($"kill switch {Printable.Clean(id)} is removed{(local.Is ? " at this edge" : string.Empty)}"));
    }
}
