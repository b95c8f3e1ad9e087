namespace EdgeGuard.Options;

/// <summary>How long and how much of the reasoning of decisions is kept (<c>explain.*</c>).</summary>
public sealed record ExplainOptions
{
    /// <summary>How long an entry can be asked for.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Memory of all entries in bytes; when it is full the oldest is dropped.</summary>
    public long MemoryBytes { get; init; } = 8L * 1024 * 1024;

    /// <summary>Millionths of plain allows that are kept.</summary>
    public long SampleAllowsPerMillion { get; init; } = 1000;
}
