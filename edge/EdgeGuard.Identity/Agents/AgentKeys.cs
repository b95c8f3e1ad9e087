using EdgeGuard.Bundles.Keys;
using PublicKey = EdgeGuard.Bundles.Keys.PublicKey;

namespace EdgeGuard.Identity.Agents;

/// <summary>From registered keys to keys in use. The algorithm is the registered one, never one that a message names.</summary>
internal static class AgentKeys
{
    public const string Ed25519 = "ed25519";

    public const string P256 = "ecdsa-p256-sha256";

    public const string Hmac = "hmac-sha256";

    /// <summary>The key for an algorithm; null when its type is another.</summary>
    public static IAgentKey? Of(PublicKey key, string algorithm) => (key.Kind, algorithm) switch
    {
        (PublicKeyKind.Ed25519, Ed25519) => new Ed25519Key(key),
        (PublicKeyKind.EcP256, P256) => new P256Key(key),
        _ => null,
    };
}
