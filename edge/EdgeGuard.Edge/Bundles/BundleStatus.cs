using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>Which bundle is in force, and what was last tried. Written by <see cref="BundleActivator"/> only.</summary>
internal sealed class BundleStatus(EdgeOptions options)
{
    private readonly bool _denyOnExpiry = options.Bundle.DenyOnExpiry;
    private volatile ActiveBundle? _active;
    private volatile ActivationAttempt? _lastAttempt;

    /// <summary>The bundle in force, or null.</summary>
    public ActiveBundle? Active => _active;

    /// <summary>The last attempt, or null.</summary>
    public ActivationAttempt? LastAttempt => _lastAttempt;

    /// <summary>Whether the bundle has expired and the options say that an expired one denies.</summary>
    public bool IsDenied(PolicySnapshot snapshot, long unixMilliseconds)
    {
        // During a swap the status may still tell of the bundle before, so the digest has to be the snapshot's own.
        return _denyOnExpiry
            && _active is { ExpiresAt: { } expires } active
            && expires.ToUnixTimeMilliseconds() <= unixMilliseconds
            && string.Equals(active.Digest, snapshot.Digest, StringComparison.Ordinal);
    }

    /// <summary>Notes an attempt.</summary>
    public void Attempted(ActivationAttempt attempt) => _lastAttempt = attempt;

    /// <summary>Notes the bundle now in force.</summary>
    public void Activated(ActiveBundle active) => _active = active;
}
