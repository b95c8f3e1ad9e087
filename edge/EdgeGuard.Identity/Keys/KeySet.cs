namespace EdgeGuard.Identity.Keys;

/// <summary>The usable keys of one issuer. Immutable.</summary>
internal sealed class KeySet(IReadOnlyList<VerificationKey> keys)
{
    public int Count => keys.Count;

    /// <summary>The keys.</summary>
    public IReadOnlyList<VerificationKey> Keys => keys;

    /// <summary>
    /// The key for a token: of its <c>kid</c> and fit for its algorithm. A token without <c>kid</c> is taken only when just one key of the set
    /// can be meant.
    /// </summary>
    public VerificationKey? Find(string? keyId, string algorithm)
    {
        VerificationKey? found = null;
        foreach (var key in keys)
        {
            if (!key.Algorithms.Contains(algorithm, StringComparer.Ordinal) || (keyId is not null && !string.Equals(key.Id, keyId, StringComparison.Ordinal)))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = key;
        }

        return found;
    }

    /// <summary>Whether both hold the same keys, in any order.</summary>
    public bool HasSameKeys(KeySet other) =>
        keys.Count == other.Count && keys.Select(Describe).ToHashSet(StringComparer.Ordinal).SetEquals(other.Describe());

    private IEnumerable<string> Describe() => keys.Select(Describe);

    private static string Describe(VerificationKey key) => $"{key.Id}\n{string.Join(',', key.Algorithms)}\n{key.Fingerprint}";
}
