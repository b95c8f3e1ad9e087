using System.Collections.Immutable;
using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;

namespace EdgeGuard.Edge.Admin;

/// <summary>The admin API: status, effective options, egress, and local kill switches. See <c>docs/edge-admin.md</c>.</summary>
internal sealed class AdminHandler(AdminStatusReader status, LocalKillSwitches killSwitches, ExplainAdmin explain, IServiceProvider services)
{
    private const string KillPrefix = "/kill/";

    // Absent on a standalone edge.
    private TelemetrySender? Sender => services.GetService<TelemetrySender>();

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? string.Empty;
        return (context.Request.Method, path) switch
        {
            ("GET", "/status") => AdminReply.JsonAsync(
                context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(status.Read(), AdminJson.Default.AdminStatus)),
            ("GET", "/config") => ConfigAsync(context),
            ("GET", "/egress") => EgressAsync(context),
            ("POST", "/egress/flush") => FlushAsync(context),
            ("GET", "/kill") => ListKillSwitchesAsync(context),
            ("POST", "/kill") => AddKillSwitchAsync(context),
            ("DELETE", _) when path.StartsWith(KillPrefix, StringComparison.Ordinal) => RemoveKillSwitchAsync(context, path[KillPrefix.Length..]),
            var (method, _) when ExplainAdmin.Owns(method, path) => explain.HandleAsync(context, path),
            _ => AdminReply.ProblemAsync(
                context, StatusCodes.Status404NotFound, "Not found", AdminCodes.NotFound,
                "nothing lies at this address, or not with this method", "docs/edge-admin.md lists what does"),
        };
    }

    private Task ConfigAsync(HttpContext context) => AdminReply.JsonAsync(
        context, StatusCodes.Status200OK,
        JsonSerializer.SerializeToUtf8Bytes(services.GetService<EffectiveOptions>()?.Items ?? [], AdminJson.Default.ImmutableArrayEffectiveOption));

    private async Task EgressAsync(HttpContext context)
    {
        if (Sender is not { } sender)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        try
        {
            if (await sender.NextAsync(context.RequestAborted) is { } batch)
            {
                await AdminReply.JsonAsync(context, StatusCodes.Status200OK, batch.Bytes);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (StateException failure)
        {
            await AdminReply.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Nothing can be sent", [failure.Diagnostic]);
        }
    }

    private async Task FlushAsync(HttpContext context)
    {
        if (Sender is not { } sender)
        {
            await AdminReply.ProblemAsync(
                context, StatusCodes.Status409Conflict, "No control plane", AdminCodes.Standalone,
                "this edge is standalone: there is nobody to send anything to", "connect it with `edgeguard connect`");
            return;
        }

        var result = await sender.FlushAsync(context.RequestAborted);
        if (result.Problem is { } problem)
        {
            await AdminReply.ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Not delivered", [problem]);
            return;
        }

        await AdminReply.JsonAsync(
            context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(new FlushReport(result.Batches), AdminJson.Default.FlushReport));
    }

    private Task ListKillSwitchesAsync(HttpContext context) => AdminReply.JsonAsync(
        context, StatusCodes.Status200OK,
        JsonSerializer.SerializeToUtf8Bytes(status.KillSwitches(), AdminJson.Default.ImmutableArrayKillSwitchReport));

    private async Task AddKillSwitchAsync(HttpContext context)
    {
        CreateKillSwitch? request = null;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.CreateKillSwitch, context.RequestAborted);
        }
        catch (Exception failure) when (failure is JsonException or BadHttpRequestException)
        {
            // Refused below: what is wrong with it could only be told by repeating parts of it.
        }

        if (request is null)
        {
            await AdminReply.ProblemAsync(
                context, StatusCodes.Status400BadRequest, "Body refused", AdminCodes.BodyRefused,
                "the body is not a kill switch as JSON, or larger than 64 KiB", "docs/edge-admin.md shows one");
            return;
        }

        var result = killSwitches.Add(request);
        if (result.Switch is not { } added)
        {
            await AdminReply.ProblemAsync(context, StatusCodes.Status422UnprocessableEntity, "Kill switch refused", result.Diagnostics);
            return;
        }

        await AdminReply.JsonAsync(
            context, StatusCodes.Status201Created,
            JsonSerializer.SerializeToUtf8Bytes(KillSwitchReport.Of(added, "local", Texts(result)), AdminJson.Default.KillSwitchReport));
    }

    private async Task RemoveKillSwitchAsync(HttpContext context, string id)
    {
        var result = killSwitches.Remove(id, context.Request.Query["reason"].ToString());
        if (result.Switch is not { } removed)
        {
            await AdminReply.ProblemAsync(
                context, StatusCodes.Status404NotFound, "Not found", AdminCodes.NotFound,
                "there is no local kill switch of this id", "`edgeguard kill list --local` (GET /kill) shows them; pushed ones are removed at the control plane");
            return;
        }

        await AdminReply.JsonAsync(
            context, StatusCodes.Status200OK,
            JsonSerializer.SerializeToUtf8Bytes(KillSwitchReport.Of(removed, "local", Texts(result)), AdminJson.Default.KillSwitchReport));
    }

    private static ImmutableArray<string> Texts(LocalKillResult result) => [.. result.Diagnostics.Select(finding => finding.ToString())];
}
