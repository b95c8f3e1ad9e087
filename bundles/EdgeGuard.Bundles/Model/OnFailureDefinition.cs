namespace EdgeGuard.Bundles.Model;

/// <summary>What a policy does when the edge itself cannot know: true lets through, false refuses.</summary>
public sealed record OnFailureDefinition
{
    /// <summary>The bundle has expired and the options say to deny then.</summary>
    public bool OpenWithoutBundle { get; init; }

    /// <summary>No key to verify a credential with is known, and none can be fetched.</summary>
    public bool OpenWithoutIdentity { get; init; }

    /// <summary>There is no room for a new counter.</summary>
    public bool OpenWithoutCounters { get; init; }

    /// <summary>A local data file that a fact comes from could never be read.</summary>
    public bool OpenWithoutData { get; init; }
}
