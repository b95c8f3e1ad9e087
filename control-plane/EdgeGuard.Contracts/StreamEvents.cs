namespace EdgeGuard.Contracts;

/// <summary>Event names of the directive stream.</summary>
public static class StreamEvents
{
    /// <summary>Data: a signed document (kill) with the whole current set. Always the first event of a stream.</summary>
    public const string KillSwitches = "kill-switches";

    /// <summary>Data: a signed document (revocation) with the whole current set.</summary>
    public const string Revocations = "revocations";

    /// <summary>
    /// Data: a signed document (keys) with the whole current set of the organization's API keys, by digest. Not sent before the first key was made.
    /// </summary>
    public const string ApiKeys = "api-keys";

    /// <summary>Data: <see cref="BundleAnnouncement"/> as JSON; the bundle is fetched with jitter.</summary>
    public const string Bundle = "bundle";

    /// <summary>Data: a signed document (lease) with <see cref="LeaseDocument"/>: recalls, without waiting for the next exchange.</summary>
    public const string Lease = "lease";

    /// <summary>Data: a signed document (heartbeat) with <see cref="HeartbeatPayload"/>.</summary>
    public const string Heartbeat = "heartbeat";
}
