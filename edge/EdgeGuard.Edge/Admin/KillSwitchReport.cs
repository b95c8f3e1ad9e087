using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Edge.Admin;

/// <summary>A kill switch as the admin socket shows it; what it matches is shown, because only the edge's owner can ask.</summary>
internal sealed record KillSwitchReport(
    string Id,
    string Origin,
    string ScopeKey,
    string ScopeValue,
    string? Route,
    string? Reason,
    DateTimeOffset? ExpiresAt,
    int Status,
    ImmutableArray<string> Warnings)
{
    /// <summary>The report of one.</summary>
    public static KillSwitchReport Of(KillSwitchDefinition definition, string origin, ImmutableArray<string> warnings) => new(
        definition.Id, origin, definition.ScopeKey.ToString(), definition.ScopeValue, definition.Route, definition.Reason,
        definition.ExpiresAt, definition.Status, warnings);
}
