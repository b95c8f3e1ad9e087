namespace EdgeGuard.Edge.Bundles;

/// <summary>The bundle in force, as status shows it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Digest">SHA-256 of its canonical JSON, lower-case hex.</param>
/// <param name="Origin">Where it came from: <c>file</c>, <c>control-plane</c> or <c>last-good</c>.</param>
/// <param name="Form">How it was signed: <c>jws</c>, <c>peer</c> or <c>unsigned</c>.</param>
/// <param name="Epoch">Epoch of the signed document; 0 for other forms.</param>
/// <param name="Sequence">Sequence of the signed document; 0 for other forms.</param>
/// <param name="ActivatedAt">When it came into force here.</param>
/// <param name="ExpiresAt">From when on it is no longer valid, or null.</param>
internal sealed record ActiveBundle(
    long Version,
    string Digest,
    string Origin,
    string Form,
    long Epoch,
    long Sequence,
    DateTimeOffset ActivatedAt,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether it has expired.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt is { } expires && expires <= now;
}
