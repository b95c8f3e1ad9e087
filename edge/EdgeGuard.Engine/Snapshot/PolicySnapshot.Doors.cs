using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Snapshot;

/// <content>What policies say for the doors. They refuse nothing by that but requests that are too large, so a shadow policy's count too.</content>
public sealed partial class PolicySnapshot
{
    /// <summary>Whether any policy says which web pages may call.</summary>
    public bool HasCors => Policy is { HasCors: true };

    /// <summary>Requests that must be admitted or refused before an edge is ready.</summary>
    public ImmutableArray<ProbeDefinition> Probes => Policy?.Probes ?? [];

    /// <summary>Id of the first issuer, or empty: whose a probe's token is when it names none.</summary>
    public string FirstIssuer => Policy?.FirstIssuer ?? string.Empty;

    /// <summary>Whether any policy bounds requests.</summary>
    public bool HasRequestLimits => Policy is { HasRequestLimits: true };

    /// <summary>Which policies say what the doors do with a request.</summary>
    public DoorMatch DoorsFor(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { HasDoors: true } policy)
        {
            return DoorMatch.None;
        }

        var match = DoorMatch.None;
        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        foreach (var index in matches.Policies)
        {
            if (policy.Policies[index].Doors is { } doors)
            {
                match = new DoorMatch(
                    match.Headers == Decision.None && doors.SecurityHeaders is not null ? index : match.Headers,
                    match.Cors == Decision.None && doors.Cors is not null ? index : match.Cors,
                    match.Limits == Decision.None && doors.Limits is not null ? index : match.Limits);
            }
        }

        return match;
    }

    /// <summary>What the answer to a request tells in addition.</summary>
    /// <param name="match">Who says so.</param>
    /// <param name="origin">The request's one <c>Origin</c>; empty for none.</param>
    /// <param name="isSecure">Whether the client's connection is TLS.</param>
    public AnswerFields AnswerFor(in DoorMatch match, ReadOnlySpan<char> origin, bool isSecure) =>
        AnswersOf.Of(in match, OriginOf(in match, origin), isSecure, isPreflight: false);

    /// <summary>The answer to a CORS preflight for a request that a policy's <c>cors</c> holds for, and whether its origin may call.</summary>
    public (AnswerFields Fields, bool IsAllowed) PreflightFor(in DoorMatch match, ReadOnlySpan<char> origin, bool isSecure)
    {
        var index = OriginOf(in match, origin);
        return (AnswersOf.Of(in match, index, isSecure, isPreflight: true), index != CompiledCors.NoOrigin);
    }

    /// <summary>Bounds of a request, or null.</summary>
    public RequestLimitsDefinition? LimitsOf(in DoorMatch match) => match.Limits == Decision.None ? null : Loaded.Policies[match.Limits].Doors!.Limits;

    /// <summary>
    /// Whether every enforced policy that matches a request goes on without a bundle that is valid, and there is one; then it is decided by the one that has
    /// expired.
    /// </summary>
    public bool OpensWithoutBundle(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { OpensWithoutBundle: true } policy)
        {
            return false;
        }

        var opens = false;
        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        foreach (var index in matches.Policies)
        {
            ref readonly var entry = ref policy.Policies[index];
            if (!entry.Shadow)
            {
                opens = (entry.Opens & FailureCauses.NoBundle) != FailureCauses.None;
                if (!opens)
                {
                    return false;
                }
            }
        }

        return opens;
    }

    private AnswerTable AnswersOf => Policy?.Answers ?? AnswerTable.Default;

    private int OriginOf(in DoorMatch match, ReadOnlySpan<char> origin) =>
        match.Cors == Decision.None ? CompiledCors.NoOrigin : Loaded.Policies[match.Cors].Doors!.Cors!.OriginOf(origin);
}
