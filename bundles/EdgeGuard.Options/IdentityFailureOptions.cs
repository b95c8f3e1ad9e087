namespace EdgeGuard.Options;

/// <summary>How many credentials of one client may fail before no more of them are checked (<c>identity.failures.*</c>).</summary>
public sealed record IdentityFailureOptions
{
    /// <summary>Failures checked at once; 0 for no limit.</summary>
    public long Burst { get; init; } = 20;

    /// <summary>Failures forgiven in a second; at least 1.</summary>
    public long PerSecond { get; init; } = 1;
}
