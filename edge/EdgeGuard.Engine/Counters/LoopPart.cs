namespace EdgeGuard.Engine.Counters;

/// <summary>What a loop is recognised by; each is counted on its own, and any of them makes a loop.</summary>
internal enum LoopPart : byte
{
    /// <summary>The same request, byte for byte but for the order of query parameters.</summary>
    Exact = 0,

    /// <summary>The same method and path with a body that is alike.</summary>
    Similar = 1,

    /// <summary>The same short sequence of calls over and over.</summary>
    Cycle = 2,
}
