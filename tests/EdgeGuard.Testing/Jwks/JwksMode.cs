namespace EdgeGuard.Testing;

/// <summary>How a <see cref="JwksServer"/> answers.</summary>
public enum JwksMode
{
    /// <summary>The keys.</summary>
    Normal,

    /// <summary>503 without a body.</summary>
    Down,

    /// <summary>Nothing until <see cref="JwksServer.ReleaseSlowAnswers"/>.</summary>
    Slow,

    /// <summary>200 with text that is no JSON.</summary>
    Malformed,

    /// <summary>200 with an empty key set.</summary>
    Empty,

    /// <summary>200 with 8 MiB of keys.</summary>
    Oversized,

    /// <summary>302 to another host.</summary>
    Redirect,
}
