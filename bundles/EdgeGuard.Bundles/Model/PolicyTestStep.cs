using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>One request, how often it is repeated, and what is expected of each.</summary>
public sealed record PolicyTestStep
{
    /// <summary>Virtual time to let pass first.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How many equal requests in a row; at least 1.</summary>
    public int Times { get; init; } = 1;

    public required PolicyTestRequest Request { get; init; }

    public required PolicyTestExpectation Expect { get; init; }
}
