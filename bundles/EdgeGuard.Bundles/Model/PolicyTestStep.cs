using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>One request, how often it is repeated, and what is expected of each.</summary>
public sealed record PolicyTestStep
{
    /// <summary>Virtual time to let pass first.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How many equal requests in a row; at least 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How long each request is in flight before it ends; zero ends it at once.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Tokens that the provider reports when the request ends, or null to leave what was reserved.</summary>
    public long? UsageTokens { get; init; }

    public required PolicyTestRequest Request { get; init; }

    public required PolicyTestExpectation Expect { get; init; }
}
