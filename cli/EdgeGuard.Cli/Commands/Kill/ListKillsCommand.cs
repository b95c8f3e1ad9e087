using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Kill;

/// <summary><c>edgeguard kill list</c>.</summary>
internal static class ListKillsCommand
{
    public static Command Create(CommandContext context)
    {
        var local = new Option<bool>("--local") { Description = "Of the edge on this machine" };
        var socket = LocalOptions.Socket();
        var command = new Command("list", "List kill switches in force.") { local, socket };
        command.SetAction((parse, cancellation) => parse.GetValue(local)
            ? LocalAsync(context, parse, parse.GetValue(socket), cancellation)
            : FleetAsync(context, parse, cancellation));
        return command;
    }

    private static async Task<int> FleetAsync(CommandContext context, ParseResult parse, CancellationToken cancellation)
    {
        using var api = ControlPlaneApi.Open(context.Host);
        var kills = await api.KillSwitchesAsync(cancellation);
        var document = new JsonObject { ["kill_switches"] = JsonSerializer.SerializeToNode(kills, ContractsJson.Default.IReadOnlyListKillSwitchInfo) };
        return context.Output(parse).Finish(ExitCodes.Ok, document, _ => TableText.Write(
            context.Host,
            ["ID", "SCOPE", "ROUTE", "STATUS", "REASON", "BY", "SINCE", "UNTIL", "EDGES"],
            [.. kills.Select(kill => (IReadOnlyList<string>)
            [
                kill.Id, $"{kill.ScopeKey}={kill.ScopeValue}", kill.Route ?? "-", $"{kill.Status}", kill.Reason, kill.Author,
                CommandOutput.Show(kill.CreatedAt), CommandOutput.Show(kill.ExpiresAt), $"{kill.AcknowledgedEdges}/{kill.ConnectedEdges}",
            ])]));
    }

    private static async Task<int> LocalAsync(CommandContext context, ParseResult parse, string? path, CancellationToken cancellation)
    {
        using var edge = AdminSocket.Open(context.Host, path);
        var answer = await edge.SendAsync(HttpMethod.Get, AdminSocket.Kill, null, cancellation);
        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["edge"] = answer?.DeepClone() }, output =>
            TableText.Write(context.Host, ["ORIGIN", "ID", "SCOPE", "ROUTE", "STATUS", "REASON", "UNTIL"], [.. Rows("-", answer)]));
    }

    /// <summary>Every kill switch of the answer, with the set it stands in (pushed, local, bundle) as its origin.</summary>
    private static IEnumerable<IReadOnlyList<string>> Rows(string origin, JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(item => Rows(origin, item)),
        JsonObject map when map.ContainsKey("scope_key") =>
        [
            [
                Text(map, "origin", origin), Text(map, "id"), $"{Text(map, "scope_key")}={Text(map, "scope_value")}", Text(map, "route"),
                Text(map, "status"), Text(map, "reason"), Until(map),
            ],
        ],
        JsonObject map => map.SelectMany(entry => Rows(entry.Key == "kill_switches" ? origin : entry.Key, entry.Value)),
        _ => [],
    };

    private static string Until(JsonObject map) =>
        DateTimeOffset.TryParse(Text(map, "expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? CommandOutput.Show(time) : "-";

    private static string Text(JsonObject map, string name, string otherwise = "-") => map[name]?.ToString() ?? otherwise;
}
