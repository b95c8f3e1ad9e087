using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Revoke;

/// <summary><c>edgeguard revoke list</c>.</summary>
internal static class ListRevocationsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "List revocations in force.");
        command.SetAction(async (parse, cancellation) =>
        {
            using var api = ControlPlaneApi.Open(context.Host);
            var list = await api.RevocationsAsync(cancellation);
            var document = new JsonObject { ["revocations"] = JsonSerializer.SerializeToNode(list, ContractsJson.Default.IReadOnlyListRevocationInfo) };
            return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
                context.Host,
                ["ID", "WHAT", "ISSUED BEFORE", "REASON", "BY", "SINCE", "UNTIL", "EDGES"],
                [.. list.Select(item => (IReadOnlyList<string>)
                [
                    item.Id, $"{item.Kind}={item.Value}", CommandOutput.Show(item.Time), item.Reason, item.Author,
                    CommandOutput.Show(item.CreatedAt), CommandOutput.Show(item.ExpiresAt), $"{item.AcknowledgedEdges}/{item.ConnectedEdges}",
                ])]));
        });
        return command;
    }
}
