namespace EdgeGuard.Edge.Takeover;

/// <summary>Codes of a takeover.</summary>
internal static class TakeoverCodes
{
    /// <summary>The running edge does not let itself be taken over.</summary>
    public const string Refused = "EG3211";

    /// <summary>Nobody answers on the admin socket.</summary>
    public const string Nobody = "EG3212";

    /// <summary>The running edge broke the takeover off.</summary>
    public const string BrokenOff = "EG3213";
}
