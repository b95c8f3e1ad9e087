using System.Collections.Immutable;

namespace EdgeGuard.Engine.Explain;

/// <summary>
/// Why a decision was as it was, for people and programs: the same whether it is asked of a running edge or told offline. Holds no value of a
/// descriptor, no path and no address.
/// </summary>
public sealed record DecisionStory
{
    public string? DecisionId { get; init; }

    /// <summary>RFC 3339, milliseconds, UTC.</summary>
    public required string Time { get; init; }

    /// <summary><c>proxy</c>, <c>decision</c>, <c>decision-http2</c> or <c>offline</c>.</summary>
    public required string Door { get; init; }

    /// <summary>How long deciding took; null when that is not known.</summary>
    public decimal? DurationMicroseconds { get; init; }

    public StoryTrace? Trace { get; init; }

    /// <summary>0 without a bundle, -1 when it is no longer kept.</summary>
    public required long BundleVersion { get; init; }

    public required string BundleDigest { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    public required string Verdict { get; init; }

    /// <summary>Reason word of a refusal, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Why an admitted request is marked or delayed, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>How long an admitted request is to wait first; null for not at all.</summary>
    public int? DelayMilliseconds { get; init; }

    /// <summary>The first rule whose limit on trial would have decided otherwise than the live one, or null.</summary>
    public string? Trial { get; init; }

    public required int Status { get; init; }

    /// <summary>Policy that is told: the one that refused, or that of the tightest limit.</summary>
    public string? Policy { get; init; }

    public string? Rule { get; init; }

    /// <summary>Selector of the most specific policy that matched; never the path.</summary>
    public string? Route { get; init; }

    public long? Limit { get; init; }

    public long? Remaining { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public StoryShadow? Shadow { get; init; }

    public required StoryKillSwitches KillSwitches { get; init; }

    /// <summary>Number of the first step that refuses, which need not be the one that is told; null for none.</summary>
    public int? FirstDenial { get; init; }

    public required ImmutableArray<StoryStep> Steps { get; init; }

    /// <summary>Steps that were considered and found no room.</summary>
    public int StepsOmitted { get; init; }

    /// <summary>What became of the tokens that were reserved, by rule; null when none were, or the request has not ended.</summary>
    public IReadOnlyList<StoryUsage>? Usage { get; init; }
}
