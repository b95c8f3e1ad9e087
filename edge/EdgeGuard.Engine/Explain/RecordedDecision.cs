using System.Collections.Immutable;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Explain;

/// <summary>What is known of one decision when somebody asks why.</summary>
public sealed record RecordedDecision
{
    public required Decision Decision { get; init; }

    /// <summary>What it was decided by; null when that is no longer kept.</summary>
    public required PolicySnapshot? Snapshot { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>How long deciding took; 0 when that is not known.</summary>
    public long ElapsedNanoseconds { get; init; }

    /// <summary>Everything considered, in order.</summary>
    public required ImmutableArray<DecisionStep> Steps { get; init; }

    /// <summary>Steps that found no room.</summary>
    public int StepsOmitted { get; init; }

    public ImmutableArray<FactMark> Marks { get; init; } = [];

    /// <summary>Key of the marks.</summary>
    public required UInt128 MarkKey { get; init; }

    /// <summary>Id of the decision; null offline.</summary>
    public string? Id { get; init; }

    /// <summary>The door it was asked at.</summary>
    public required string Door { get; init; }

    public StoryTrace? Trace { get; init; }

    /// <summary>What became of reserved tokens, as far as the request has ended.</summary>
    public ImmutableArray<SettledUsage> Settled { get; init; } = [];
}
