using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Commands.ControlPlane;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Edge;

/// <summary><c>edgeguard edge list</c>.</summary>
internal static class ListEdgesCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "List edges.");
        command.SetAction(async (parse, cancellation) =>
        {
            using var api = ControlPlaneApi.Open(context.Host);
            var edges = await api.EdgesAsync(cancellation);
            var document = new JsonObject { ["edges"] = JsonSerializer.SerializeToNode(edges, ContractsJson.Default.IReadOnlyListEdgeInfo) };
            return context.Output(parse).Finish(
                ExitCodes.Ok, document, _ => TableText.Write(context.Host, StatusCommand.Headers, [.. edges.Select(StatusCommand.Row)]));
        });
        return command;
    }
}
