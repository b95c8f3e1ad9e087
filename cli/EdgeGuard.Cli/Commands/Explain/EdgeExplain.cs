using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Output;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Cli.Commands.Explain;

/// <summary>Asks the edge on this machine.</summary>
internal sealed class EdgeExplain(CommandContext context, ParseResult parse, string? socket, CancellationToken cancellation)
{
    private static readonly string[] Headers = ["TIME", "DECISION", "KIND", "STATUS", "REASON", "POLICY", "RULE"];

    public async Task<int> OneAsync(string id)
    {
        var answer = await SendAsync(HttpMethod.Get, $"{AdminSocket.Explain}/{id}");
        var story = answer.Deserialize(StoryJson.Default.DecisionStory)!;
        return context.Output(parse).Finish(ExitCodes.Ok, new JsonObject { ["decision"] = answer }, output => StoryText.Write(story, output));
    }

    public async Task<int> RecentAsync(params (string Name, string? Value)[] filters)
    {
        var query = string.Concat(filters.Where(filter => filter.Value is not null).Select(filter => $"&{filter.Name}={Uri.EscapeDataString(filter.Value!)}"));
        var answer = await SendAsync(HttpMethod.Get, $"{AdminSocket.Explain}?recent{query}");
        var decisions = answer["decisions"]?.AsArray() ?? [];
        return context.Output(parse).Finish(ExitCodes.Ok, answer, _ => TableText.Write(context.Host, Headers, [.. decisions.Select(Row)]));
    }

    public async Task<int> RecordAllAsync(string time)
    {
        var answer = await SendAsync(HttpMethod.Post, $"{AdminSocket.Explain}/record-all?for={Uri.EscapeDataString(time)}");
        return context.Output(parse).Finish(ExitCodes.Ok, answer, output => output.WriteLine($"allows are kept too until {answer["until"]}"));
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string route)
    {
        using var edge = AdminSocket.Open(context.Host, socket);
        return await edge.SendAsync(method, route, null, cancellation) as JsonObject
            ?? throw new CliFailureException(ExitCodes.Unreachable, CliCodes.UnexpectedAnswer, "edge", "the edge answered with nothing", "compare `edgeguard version` with the edge's");
    }

    private static IReadOnlyList<string> Row(JsonNode? entry) =>
    [
        CommandOutput.Show(entry!["time"]?.GetValue<DateTimeOffset>()), Text(entry, "decision_id"), Text(entry, "kind"), Text(entry, "status"),
        Text(entry, "reason"), Text(entry, "policy"), entry["kill_switch"] is null ? Text(entry, "rule") : Text(entry, "kill_switch"),
    ];

    private static string Text(JsonNode? entry, string name) => entry?[name]?.ToString() ?? "-";
}
