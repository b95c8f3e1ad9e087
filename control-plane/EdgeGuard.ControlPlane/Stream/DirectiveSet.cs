namespace EdgeGuard.ControlPlane.Stream;

/// <summary>A whole set that came into force with one sequence number.</summary>
/// <param name="Sequence">Rises with every change.</param>
/// <param name="Payload">Canonical JSON, as it is signed for each edge.</param>
/// <param name="Count">How many entries it holds.</param>
internal sealed record DirectiveSet(long Sequence, byte[] Payload, int Count)
{
    /// <summary>
    /// Longest payload in bytes. An edge reads events of up to 8 MiB, and base64url and the rest of the document make a third more of it.
    /// </summary>
    public const int MaxBytes = 5 * 1024 * 1024;
}
