namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>What a mock provider does wrong.</summary>
internal enum MockFault
{
    None,

    /// <summary>Breaks off in the middle of its last event.</summary>
    CutMidEvent,

    /// <summary>Tells no usage.</summary>
    NoUsage,

    /// <summary>Tells usage that is no sane number.</summary>
    WrongUsage,

    /// <summary>Waits before its second half until it is told to go on.</summary>
    Slow,

    /// <summary>Compresses although it was asked not to.</summary>
    Gzip,
}
