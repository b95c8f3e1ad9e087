namespace EdgeGuard.Bundles.Signing;

/// <summary>The keys a verifier trusts, by id. Immutable.</summary>
public sealed class TrustedKeys
{
    private readonly Dictionary<string, SigningKey> _keys;

    /// <summary>Trusts exactly these keys.</summary>
    /// <exception cref="ArgumentException">Two keys have one id.</exception>
    public TrustedKeys(params ReadOnlySpan<SigningKey> keys)
    {
        _keys = new Dictionary<string, SigningKey>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            _keys.Add(key.Id, key);
        }
    }

    /// <summary>The key with an id, or null.</summary>
    public SigningKey? Find(string id) => _keys.GetValueOrDefault(id);
}
