using System.Collections.Immutable;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Edge.Admin;

/// <summary>What callers are verified with.</summary>
/// <param name="Issuers">Key sets of issuers.</param>
/// <param name="AgentDirectories">Keys that agents publish.</param>
/// <param name="Replays">What is remembered so that it does not pass twice.</param>
internal sealed record IdentityReport(
    ImmutableArray<KeySetReport> Issuers, ImmutableArray<KeySetReport> AgentDirectories, ImmutableArray<ReplayStatus> Replays)
{
    /// <summary>The report of a verifier that may not have been needed yet.</summary>
    public static IdentityReport Of(Lazy<CallerVerifier> callers) => !callers.IsValueCreated ? new([], [], []) : new(
        [
            .. callers.Value.Tokens.GetStatus().Select(issuer => new KeySetReport(
                issuer.IssuerId, issuer.Usable, issuer.KeyCount, Seconds(issuer.KeySetAge), issuer.FetchesOk, issuer.FetchesFailed,
                [.. issuer.Problems.Select(problem => problem.ToString())])),
        ],
        [
            .. callers.Value.AgentDirectories.Select(agent => new KeySetReport(
                agent.AgentId, agent.Usable, agent.KeyCount, Seconds(agent.Age), agent.FetchesOk, agent.FetchesFailed,
                [.. agent.Problems.Select(problem => problem.ToString())])),
        ],
        callers.Value.Replays);

    private static long? Seconds(TimeSpan? age) => age is { } time ? (long)time.TotalSeconds : null;
}
