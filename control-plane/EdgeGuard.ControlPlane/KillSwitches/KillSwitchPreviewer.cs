using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Policies;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.KillSwitches;

/// <summary>Says what a kill switch would hit, from the bundle in force and the last hour's totals. Changes nothing.</summary>
internal sealed class KillSwitchPreviewer(BundleReaderService bundles, KillSwitchReader reader, DirectiveHub hub, TimeProvider time)
{
    private static readonly string[] CommonHeaders =
        ["host", "user-agent", "accept", "accept-encoding", "accept-language", "connection", "content-type", "content-length", "x-forwarded-proto"];

    /// <summary>The preview.</summary>
    public async Task<KillSwitchPreview> PreviewAsync(
        ControlPlaneDbContext rows, string organizationId, KillSwitchDefinition definition, CancellationToken cancellation)
    {
        var connected = hub.ConnectedEdges(organizationId).Count;
        var edges = await rows.Edges.CountAsync(cancellation);
        var document = (await bundles.CurrentAsync(rows, cancellation))?.Document;
        var policies = document?.Policies.Where(policy => Touches(policy.Selector, definition.Route)).Select(policy => policy.Id).ToList() ?? [];
        var since = time.GetUtcNow().AddHours(-1).ToUnixTimeSeconds() / 60;
        var lastHour = rows.TelemetryRollups.AsNoTracking().Where(row => row.Minute >= since && row.Shadow == 0);
        if (definition.Route is not null)
        {
            // Values and paths never leave an edge, so the count of the policies on the route is as near as it gets.
            lastHour = lastHour.Where(row => policies.Contains(row.Policy));
        }

        var requests = await lastHour.SumAsync(row => row.Count, cancellation);
        return new KillSwitchPreview(
            connected, Math.Max(0, edges - connected), policies, requests, await WarningsAsync(rows, definition, connected, policies.Count, cancellation));
    }

    private async Task<List<string>> WarningsAsync(
        ControlPlaneDbContext rows, KillSwitchDefinition definition, int connected, int policies, CancellationToken cancellation)
    {
        var warnings = new List<string>();
        if (connected == 0)
        {
            warnings.Add("No edge is connected: it takes effect when edges are back.");
        }

        if (definition.Route is null)
        {
            warnings.Add("It has no route: every request with this value is refused, on every path.");
        }
        else if (policies == 0)
        {
            warnings.Add("No policy's selector touches this route; check the path.");
        }

        if (definition.ScopeKey.Kind is DescriptorKind.Header && Array.IndexOf(CommonHeaders, definition.ScopeKey.Name) >= 0)
        {
            warnings.Add($"Nearly every request has the header {definition.ScopeKey.Name}, and many share one value: it may refuse everybody.");
        }

        if (definition.ExpiresAt is null)
        {
            warnings.Add("It has no expiry: it stays until somebody removes it.");
        }

        foreach (var row in await reader.InForceAsync(rows, cancellation))
        {
            if (string.Equals(row.ScopeKey, definition.ScopeKey.ToString(), StringComparison.Ordinal) &&
                string.Equals(row.Route, definition.Route, StringComparison.Ordinal) &&
                string.Equals(reader.Value(row), definition.ScopeValue, StringComparison.Ordinal))
            {
                warnings.Add($"{row.Id} already refuses the same.");
            }
        }

        return warnings;
    }

    private static bool Touches(SelectorDefinition selector, string? route)
    {
        if (route is null)
        {
            return true;
        }

        if (selector.PathExact is not null)
        {
            return string.Equals(selector.PathExact, route, StringComparison.Ordinal);
        }

        if (selector.PathPrefix is not { } prefix)
        {
            return true;
        }

        return prefix.EndsWith('/')
            ? route.StartsWith(prefix, StringComparison.Ordinal)
            : string.Equals(route, prefix, StringComparison.Ordinal) || route.StartsWith(prefix + "/", StringComparison.Ordinal);
    }
}
