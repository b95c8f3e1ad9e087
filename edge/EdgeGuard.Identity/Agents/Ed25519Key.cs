using EdgeGuard.Bundles.Keys;
using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Agents;

/// <summary>An Ed25519 key (RFC 8032).</summary>
internal sealed class Ed25519Key(PublicKey key) : IAgentKey
{
    private readonly byte[] _key = key.First.ToArray();

    /// <inheritdoc />
    public int SignatureBytes => Ed25519.SignatureSize;

    /// <inheritdoc />
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Ed25519.Verify(_key, data, signature);
}
