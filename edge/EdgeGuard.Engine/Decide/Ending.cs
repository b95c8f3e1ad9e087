namespace EdgeGuard.Engine.Decide;

/// <summary>How an admitted request ended.</summary>
public enum Ending : byte
{
    /// <summary>The upstream answered.</summary>
    Completed,

    /// <summary>The upstream failed or took too long: a sign of overload.</summary>
    Dropped,

    /// <summary>It was forwarded, or may have been, and its end says nothing of the upstream: the client went away, nobody sees its end.</summary>
    Ignored,

    /// <summary>It was never forwarded (shed, killed or left while it waited): as if it had been refused, it has consumed nothing.</summary>
    NotForwarded,
}
