namespace EdgeGuard.Engine.Decide;

/// <summary>How an admitted request ended.</summary>
public enum Ending : byte
{
    /// <summary>The upstream answered.</summary>
    Completed,

    /// <summary>The upstream failed or took too long: a sign of overload.</summary>
    Dropped,

    /// <summary>The client went away, or it never reached the upstream: says nothing of the upstream.</summary>
    Ignored,
}
