namespace EdgeGuard.Identity.Binding;

/// <summary>
/// Headers of DPoP proofs whose signature fitted. A client sends the same header with each of its proofs, and to read its key and see that it is a point of its
/// curve takes as long as the signature. Fixed number of places, found by a hash under a key of the process; the newer header counts. Thread-safe.
/// </summary>
internal sealed class ProofKeys
{
    // 2048 keys of 1 KiB and their headers of up to 2 KiB: 6 MiB at most.
    private const int Places = 2048;
    private const int MaxHeader = 1024;

    private readonly ProofKey?[] _places = new ProofKey?[Places];

    /// <summary>What a header said, or null when it is not known. The whole header is compared.</summary>
    public ProofKey? Find(ReadOnlySpan<char> header) =>
        Volatile.Read(ref _places[PlaceOf(header)]) is { } known && header.SequenceEqual(known.Header) ? known : null;

    /// <summary>Remembers a header; to be called for proofs that were verified, so that strangers cannot drive others' out.</summary>
    public void Add(ProofKey key)
    {
        if (key.Header.Length <= MaxHeader)
        {
            Volatile.Write(ref _places[PlaceOf(key.Header)], key);
        }
    }

    private static int PlaceOf(ReadOnlySpan<char> header) => (int)((uint)string.GetHashCode(header, StringComparison.Ordinal) % Places);
}
