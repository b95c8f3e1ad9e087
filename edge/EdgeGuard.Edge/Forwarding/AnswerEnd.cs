namespace EdgeGuard.Edge.Forwarding;

/// <summary>How passing on an answer's body ended.</summary>
internal enum AnswerEnd : byte
{
    /// <summary>All of it was written.</summary>
    Whole,

    /// <summary>The upstream broke off, or broke the rules.</summary>
    BrokenOff,

    /// <summary>The client takes no more.</summary>
    ClientGone,
}
