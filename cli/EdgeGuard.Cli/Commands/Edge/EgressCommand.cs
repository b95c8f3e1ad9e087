using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;

namespace EdgeGuard.Cli.Commands.Edge;

/// <summary><c>edgeguard edge egress</c>: exactly what the edge on this machine sends to the control plane next.</summary>
internal static class EgressCommand
{
    public static Command Create(CommandContext context)
    {
        var socket = LocalOptions.Socket();
        var flush = new Option<bool>("--flush") { Description = "Send it now" };
        var command = new Command("egress", "Show exactly what the edge on this machine would send next.") { socket, flush };
        command.SetAction(async (parse, cancellation) =>
        {
            using var edge = AdminSocket.Open(context.Host, parse.GetValue(socket));
            var doesFlush = parse.GetValue(flush);
            var answer = doesFlush
                ? await edge.SendAsync(HttpMethod.Post, AdminSocket.EgressFlush, null, cancellation)
                : await edge.SendAsync(HttpMethod.Get, AdminSocket.Egress, null, cancellation);
            var document = new JsonObject { ["flushed"] = doesFlush, ["egress"] = answer?.DeepClone() };
            return context.Output(parse).Finish(ExitCodes.Ok, document, output =>
                output.WriteLine(answer is not null ? Printable.CleanLines(CommandOutput.ToText(answer)) : doesFlush ? "sent" : "nothing to send"));
        });
        return command;
    }
}
