namespace EdgeGuard.Bundles.Keys;

/// <summary>What reading a public key gave.</summary>
/// <param name="Key">The key, or null.</param>
/// <param name="Problem">What is wrong, or none.</param>
/// <param name="Why">The reason in words that follow "the key is not used:"; never part of a key. Empty when there is none.</param>
public readonly record struct PublicKeyRead(PublicKey? Key, PublicKeyProblem Problem, string Why)
{
    internal static PublicKeyRead Of(PublicKey key) => new(key, PublicKeyProblem.None, string.Empty);

    internal static PublicKeyRead Invalid(string why) => new(null, PublicKeyProblem.Invalid, why);

    internal static PublicKeyRead NotForUs(string why) => new(null, PublicKeyProblem.NotForUs, why);
}
