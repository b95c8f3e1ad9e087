namespace EdgeGuard.Bundles.Model;

/// <summary><c>loop_detection</c>: finds agents that repeat themselves.</summary>
public sealed record LoopDetectionDefinition
{
    public int WindowSeconds { get; init; } = 60;

    /// <summary>The n-th repeat is a loop.</summary>
    public int Threshold { get; init; } = 10;

    public LoopAction Action { get; init; }

    /// <summary>Whether normalised JSON and cycles of tool calls are compared too.</summary>
    public bool Near { get; init; }

    /// <summary>How alike two bodies are to count as one, 50 to 100.</summary>
    public double SimilarityPercent { get; init; } = 90;

    /// <summary>Longest repeated sequence of calls that is looked for, 1 to 8.</summary>
    public int MaxCycleLength { get; init; } = 3;
}
