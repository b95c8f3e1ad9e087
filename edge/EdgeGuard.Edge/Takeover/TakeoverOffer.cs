using System.Collections.Immutable;

namespace EdgeGuard.Edge.Takeover;

/// <summary>What comes with the descriptors: the lock's, that of the counter file, the end of a pipe by which the death of the sender shows, and one for each listener in this order.</summary>
/// <param name="Listeners">The listeners.</param>
/// <param name="Session">Id of the session with the control plane, which the new process goes on with; null for none.</param>
internal sealed record TakeoverOffer(ImmutableArray<OfferedListener> Listeners, string? Session = null)
{
    /// <summary>Name of the conversation with its version, as an HTTP upgrade: another version is refused before anything is changed.</summary>
    public const string Protocol = "edgeguard-takeover/2";

    /// <summary>Name of the admin socket among the listeners.</summary>
    public const string Admin = "admin";

    /// <summary>Most bytes of an offer.</summary>
    public const int MaxBytes = 16 * 1024;
}
