using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Telemetry;

/// <summary>Intake of aggregates and their totals.</summary>
internal static class TelemetryEndpoints
{
    private const long MaxBatchBytes = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(EdgeRoutes.Telemetry, CountAsync).Guard(ApiAction.ActAsEdge, perMinute: 1_200, bodyBytes: MaxBatchBytes)
            .WithName("sendTelemetry").WithSummary("Counts a batch of aggregates, once.")
            .Accepts<TelemetryBatch>("application/json").Produces(StatusCodes.Status204NoContent);
        routes.MapGet(ApiRoutes.TelemetrySummary, SummaryAsync).Guard(ApiAction.ReadTelemetry, perMinute: 300)
            .WithName("getTelemetrySummary").WithSummary("Totals of all batches counted; ?edge= narrows.").Produces<TelemetrySummary>();
    }

    private static async Task<IResult> CountAsync(HttpContext http, Caller caller, TelemetryIntake intake)
    {
        var batch = await EdgeBody.ReadAsync(http, ContractsJson.Default.TelemetryBatch);
        if (batch is null)
        {
            return EdgeBody.Malformed();
        }

        if (!string.Equals(batch.EdgeId, caller.EdgeId, StringComparison.Ordinal))
        {
            return EdgeBody.OtherEdge();
        }

        if (TelemetryValidator.Check(batch) is { } wrong)
        {
            return Problems.Result(StatusCodes.Status400BadRequest, ControlPlaneCodes.BatchInvalid, "Batch invalid", $"The batch was not counted: {wrong}.");
        }

        await intake.CountAsync(caller, batch, http.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> SummaryAsync(string? edge, ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var batches = await rows.TelemetryBatches.CountAsync(row => edge == null || row.EdgeId == edge, cancellation);
        var decisions = await rows.TelemetryRollups.AsNoTracking().Where(row => edge == null || row.EdgeId == edge)
            .GroupBy(row => new { row.Policy, row.Rule, row.Verdict, row.Reason, row.Route, row.Shadow, row.BundleVersion })
            .Select(group => new { group.Key, Count = group.Sum(row => row.Count) }).ToListAsync(cancellation);
        var latency = await rows.TelemetryLatency.AsNoTracking().Where(row => edge == null || row.EdgeId == edge)
            .GroupBy(row => row.Bucket).Select(group => new { group.Key, Count = group.Sum(row => row.Count) }).ToListAsync(cancellation);
        var buckets = new long[TelemetryBatch.LatencyBuckets.Count + 1];
        foreach (var bucket in latency)
        {
            buckets[bucket.Key] = bucket.Count;
        }

        var counts = decisions
            .Select(item => new DecisionCount(item.Key.Policy, item.Key.Rule, item.Key.Verdict, item.Key.Reason, item.Key.Route,
                item.Key.Shadow == 1, item.Key.BundleVersion, item.Count))
            .OrderBy(item => (item.Policy, item.Rule, item.Verdict, item.Reason, item.Route, item.Shadow, item.BundleVersion)).ToList();
        return Results.Json(new TelemetrySummary(batches, counts, buckets), ContractsJson.Default.TelemetrySummary);
    }
}
