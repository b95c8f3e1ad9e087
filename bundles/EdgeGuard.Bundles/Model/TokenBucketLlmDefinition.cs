namespace EdgeGuard.Bundles.Model;

/// <summary><c>token_bucket_llm</c>: tokens a minute and a day, reserved before and settled with actual usage after.</summary>
public sealed record TokenBucketLlmDefinition : AlgorithmDefinition
{
    public required double TokensPerMinute { get; init; }

    /// <summary>Budget of a UTC day, or null for none.</summary>
    public double? TokensPerDay { get; init; }

    /// <summary>Capacity of the bucket, at least <see cref="TokensPerMinute"/>.</summary>
    public required double BurstTokens { get; init; }

    /// <summary>Most that prompt and completion may reserve together, or null.</summary>
    public double? MaxTokensPerRequest { get; init; }

    public double? MaxPromptTokens { get; init; }

    /// <summary>Cap of the completion that is reserved, or null.</summary>
    public double? MaxCompletionTokens { get; init; }

    /// <summary>Completion reserved when the request names no bound.</summary>
    public double DefaultMaxCompletion { get; init; } = 1000;

    /// <summary>What a cached prompt token counts, 0 to 1.</summary>
    public double CachedTokenWeight { get; init; } = 1;

    /// <summary>What a reasoning token counts, 0 to 10.</summary>
    public double ReasoningTokenWeight { get; init; } = 1;

    /// <summary>Streamed tokens between two looks at the budget.</summary>
    public int BufferTokens { get; init; } = 100;

    public TokenEstimator Estimator { get; init; }

    /// <summary>Most of a request body that is read for the estimate.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;
}
