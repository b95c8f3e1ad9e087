using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary><c>edgeguard key list</c>: API keys, never their values.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        var all = new Option<bool>("--all") { Description = "Those that were revoked or have expired, too" };
        var command = new Command("list", "List the organization's API keys.") { all };
        command.SetAction(async (parse, cancellation) =>
        {
            using var api = ControlPlaneApi.Open(context.Host);
            var keys = await api.ApiKeysAsync(parse.GetValue(all), cancellation);
            var document = new JsonObject { ["keys"] = JsonSerializer.SerializeToNode(keys, ContractsJson.Default.IReadOnlyListApiKeyInfo) };
            return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
                context.Host,
                ["ID", "STATE", "KIND", "ORGANIZATION", "PLAN", "SCOPES", "SINCE", "UNTIL", "BY", "EDGES"],
                [.. keys.Select(key => (IReadOnlyList<string>)
                [
                    key.Id, key.State, $"{key.Kind} {key.Environment}", key.Organization, key.Plan ?? "-", string.Join(' ', key.Scopes ?? []),
                    CommandOutput.Show(key.CreatedAt), CommandOutput.Show(key.ExpiresAt), key.Author, $"{key.AcknowledgedEdges}/{key.ConnectedEdges}",
                ])]));
        });
        return command;
    }
}
