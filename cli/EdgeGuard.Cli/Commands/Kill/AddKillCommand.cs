using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Input;
using EdgeGuard.Cli.Output;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Kill;

/// <summary><c>edgeguard kill add</c>: shows what it will hit, asks, and stops that traffic.</summary>
internal static class AddKillCommand
{
    public static Command Create(CommandContext context)
    {
        var scope = new KillScope();
        var route = new Option<string?>("--route") { Description = "Only this exact path" };
        var reason = new Option<string>("--reason") { Description = "Why; for people, never sent to clients", Required = true };
        var expires = new Option<string?>("--expires") { Description = "When it ends by itself: 30m, 2h, or a time" };
        var status = new Option<int?>("--status") { Description = "Status of the refusal: 403, 429 (default) or 503" };
        var id = new Option<string?>("--id") { Description = "Name for removal; a generated one by default" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var local = new Option<bool>("--local") { Description = "At the edge on this machine only, over its admin socket; works without a control plane" };
        var socket = LocalOptions.Socket();
        var command = new Command("add", "Refuse matching traffic from now on.")
        {
            scope.Both, scope.Key, scope.Value, scope.ValueFile, route, reason, expires, status, id, yes, local, socket,
        };
        command.SetAction((parse, cancellation) =>
        {
            var (key, value) = scope.Read(parse, context.Host);
            if (parse.GetValue(status) is { } wanted and not (403 or 429 or 503))
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--status", $"`{wanted}` is not a status of a refusal", "use 403, 429 or 503");
            }

            var request = new CreateKillSwitch(
                key, value, parse.GetValue(route), parse.GetRequiredValue(reason),
                ExpiryText.Parse(parse.GetValue(expires), context.Host.Time, "--expires"), parse.GetValue(status), parse.GetValue(id));
            return parse.GetValue(local)
                ? LocalAsync(context, parse, request, parse.GetValue(yes), parse.GetValue(socket), cancellation)
                : FleetAsync(context, parse, request, parse.GetValue(yes), cancellation);
        });
        return command;
    }

    private static async Task<int> FleetAsync(
        CommandContext context, ParseResult parse, CreateKillSwitch request, bool yes, CancellationToken cancellation)
    {
        var output = context.Output(parse);
        using var api = ControlPlaneApi.Open(context.Host);
        var preview = await api.PreviewAsync(request, cancellation);
        output.Note($"refuses requests with {request.ScopeKey}={request.ScopeValue} on {request.Route ?? "every path"}, " +
            $"{(request.ExpiresAt is null ? "until it is removed" : "until " + CommandOutput.Show(request.ExpiresAt))}");
        output.Note($"at once on {CommandOutput.Count(preview.ConnectedEdges, "edge")}, on {preview.OfflineEdges} more when back");
        output.Note($"policies there: {(preview.Policies.Count == 0 ? "none" : string.Join(", ", preview.Policies))}; " +
            $"{preview.RequestsLastHour} requests in the last hour at most");
        foreach (var warning in preview.Warnings)
        {
            output.Note($"warning: {warning}");
        }

        Confirmation.Require(context.Host, yes, "Stop this traffic?");
        var kill = await api.AddKillSwitchAsync(request, cancellation);
        return output.Finish(ExitCodes.Ok, JsonSerializer.SerializeToNode(kill, ContractsJson.Default.KillSwitchInfo)!.AsObject(), text =>
        {
            text.WriteLine($"kill switch {Printable.Clean(kill.Id)} is in force (set {kill.Sequence}), " +
                $"acknowledged so far by {kill.AcknowledgedEdges} of {CommandOutput.Count(kill.ConnectedEdges, "connected edge")}");
            text.WriteLine($"to end it: edgeguard kill remove {Printable.Clean(kill.Id)} --reason WHY");
        });
    }

    private static async Task<int> LocalAsync(
        CommandContext context, ParseResult parse, CreateKillSwitch request, bool yes, string? path, CancellationToken cancellation)
    {
        var output = context.Output(parse);
        using var edge = AdminSocket.Open(context.Host, path);
        output.Note($"refuses requests with {request.ScopeKey}={request.ScopeValue} on {request.Route ?? "every path"} at this edge only, " +
            $"{(request.ExpiresAt is null ? "until it is removed" : "until " + CommandOutput.Show(request.ExpiresAt))}");
        Confirmation.Require(context.Host, yes, "Stop this traffic?");
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.CreateKillSwitch));
        body.Headers.ContentType = new("application/json");
        var answer = await edge.SendAsync(HttpMethod.Post, AdminSocket.Kill, body, cancellation);
        var id = answer is JsonObject map && map["id"] is JsonValue named ? named.ToString() : request.Id ?? "-";
        return output.Finish(ExitCodes.Ok, new JsonObject { ["id"] = id, ["local"] = true }, text =>
        {
            foreach (var warning in (answer as JsonObject)?["warnings"] as JsonArray ?? [])
            {
                text.WriteLine(Printable.CleanLines(warning?.ToString() ?? string.Empty));
            }

            text.WriteLine($"kill switch {Printable.Clean(id)} is in force at this edge");
            text.WriteLine($"to end it: edgeguard kill remove {Printable.Clean(id)} --local --reason WHY");
        });
    }
}
