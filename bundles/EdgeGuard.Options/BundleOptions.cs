namespace EdgeGuard.Options;

/// <summary>What kinds of bundles are accepted (<c>bundle.*</c>).</summary>
public sealed record BundleOptions
{
    /// <summary><c>accept: [peer]</c>: the peer's signed form.</summary>
    public bool AcceptPeer { get; init; }

    /// <summary><c>accept: [unsigned]</c>.</summary>
    public bool AcceptUnsigned { get; init; }

    /// <summary>Lowest version accepted, whatever the state directory remembers.</summary>
    public long MinVersion { get; init; }

    /// <summary><c>on_expiry: deny</c>; otherwise <c>keep</c>, with a loud metric.</summary>
    public bool DenyOnExpiry { get; init; }
}
