namespace EdgeGuard.Identity.Replays;

/// <summary>Whether something was seen before.</summary>
internal enum ReplayOutcome : byte
{
    /// <summary>Not seen before; it is remembered now.</summary>
    First,

    /// <summary>Seen before.</summary>
    Replayed,

    /// <summary>So late that it would be forgotten at once: with a body that came slowly it could pass twice.</summary>
    Late,

    /// <summary>There is no room to remember it, so it must not pass.</summary>
    Full,
}
