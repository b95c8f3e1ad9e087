namespace EdgeGuard.Engine.Decide;

/// <summary>Why the edge itself cannot know what it would have to.</summary>
[Flags]
public enum FailureCauses : byte
{
    None = 0,

    /// <summary>The bundle has expired, and the options say that an expired one denies.</summary>
    NoBundle = 1,

    /// <summary>No key to verify a credential with could be had.</summary>
    IdentityUnavailable = 2,

    /// <summary>There was no room for a counter.</summary>
    CountersFull = 4,

    /// <summary>A data file that a fact comes from could never be read.</summary>
    DataUnavailable = 8,
}
