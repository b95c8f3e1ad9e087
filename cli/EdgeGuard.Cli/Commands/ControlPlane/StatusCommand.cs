using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.ControlPlane;

/// <summary><c>edgeguard status</c>: the fleet, or with <c>--local</c> the edge on this machine.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var local = new Option<bool>("--local") { Description = "The edge on this machine, over its admin socket" };
        var socket = LocalOptions.Socket();
        var command = new Command("status", "Show the fleet and what is in force.") { local, socket };
        command.SetAction((parse, cancellation) => parse.GetValue(local)
            ? LocalAsync(context, parse, parse.GetValue(socket), cancellation)
            : FleetAsync(context, parse, cancellation));
        return command;
    }

    internal static IReadOnlyList<string> Row(EdgeInfo edge) =>
    [
        edge.EdgeId, edge.Connected ? "connected" : "offline", edge.BundleVersion == 0 ? "-" : $"{edge.BundleVersion}",
        edge.KillSequence == 0 ? "-" : $"{edge.KillSequence}", string.IsNullOrEmpty(edge.EdgeVersion) ? "-" : edge.EdgeVersion,
        CommandOutput.Show(edge.LastSeenAt), edge.LastProblems is not { Count: > 0 } ? "-" : edge.LastProblems[0].Split('\n')[0],
    ];

    internal static readonly string[] Headers = ["EDGE", "STATE", "BUNDLE", "KILL SET", "VERSION", "LAST SEEN", "LAST PROBLEM"];

    private static async Task<int> FleetAsync(CommandContext context, ParseResult parse, CancellationToken cancellation)
    {
        using var api = ControlPlaneApi.Open(context.Host);
        var status = await api.StatusAsync(cancellation);
        var document = JsonSerializer.SerializeToNode(status, ContractsJson.Default.FleetStatus)!.AsObject();
        return context.Output(parse).Finish(ExitCodes.Ok, document, output =>
        {
            output.WriteLine($"organization {Printable.Clean(status.Organization)}, bundle {(status.BundleVersion == 0 ? "none" : $"{status.BundleVersion}")}, " +
                $"{status.KillSwitches} kill switches (set {status.KillSequence}), epoch {status.Epoch}");
            TableText.Write(context.Host, Headers, [.. status.Edges.Select(Row)]);
        });
    }

    private static async Task<int> LocalAsync(CommandContext context, ParseResult parse, string? path, CancellationToken cancellation)
    {
        using var edge = AdminSocket.Open(context.Host, path);
        var answer = await edge.SendAsync(HttpMethod.Get, AdminSocket.Status, null, cancellation);
        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["edge"] = answer?.DeepClone() }, output =>
        {
            foreach (var (key, value) in Flatten(string.Empty, answer))
            {
                output.WriteLine($"{key}: {Printable.Clean(value)}");
            }
        });
    }

    private static IEnumerable<(string Key, string Value)> Flatten(string key, JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(entry => Flatten(key.Length == 0 ? entry.Key : $"{key}.{entry.Key}", entry.Value)),
        JsonArray { Count: > 0 } list when list.Any(item => item is JsonObject) => list.Index().SelectMany(item => Flatten($"{key}[{item.Index}]", item.Item)),
        JsonArray { Count: > 1 } list => list.Index().Select(item => ($"{key}[{item.Index}]", Line(item.Item))),
        JsonArray list => [(key, list.Count == 0 ? "-" : Line(list[0]))],
        _ => [(key, Line(node))],
    };

    /// <summary>One line for each value: a problem has its fix on a second one.</summary>
    private static string Line(JsonNode? node) => node?.ToString() is { Length: > 0 } text
        ? string.Join("; ", text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        : "-";
}
