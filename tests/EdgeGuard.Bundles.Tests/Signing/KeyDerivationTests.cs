using System.Buffers.Text;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class KeyDerivationTests
{
    private static readonly byte[] Master = Enumerable.Range(100, 32).Select(i => (byte)i).ToArray();

    [Fact]
    public void Derive_Key_IsHkdfOverTheLengthPrefixedParts()
    {
        var key = KeyDerivation.Derive(Master, KeyPurpose.Documents, "org", "edge", "k1");

        // Extract and expand of RFC 5869 section 2 by hand: no salt is 32 zero bytes, one block is enough for 32 bytes.
        byte[] info =
        [
            0, 0, 0, 19, .. "edgeguard-documents"u8, 0, 0, 0, 3, .. "org"u8, 0, 0, 0, 4, .. "edge"u8, 0, 0, 0, 2, .. "k1"u8,
        ];
        var extracted = HMACSHA256.HashData(new byte[32], Master);
        Assert.Equal(HMACSHA256.HashData(extracted, (byte[])[.. info, 1]), key.Bytes);
        Assert.Equal("k1", key.Id);
    }

    [Fact]
    public void Derive_AnyPartDifferent_GivesAnotherKey()
    {
        SigningKey[] keys =
        [
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "org", "edge", "k1"),
            KeyDerivation.Derive(Master, KeyPurpose.Proof, "org", "edge", "k1"),
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "org2", "edge", "k1"),
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "org", "edge2", "k1"),
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "org", "edge", "k2"),
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "orge", "dge", "k1"),
            KeyDerivation.Derive(Master, KeyPurpose.Documents, "or", "gedge", "k1"),
            KeyDerivation.Derive([.. Master, 1], KeyPurpose.Documents, "org", "edge", "k1"),
        ];

        Assert.Equal(keys.Length, keys.Select(k => Convert.ToHexString(k.Bytes)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Derive_ShortMasterOrEmptyName_Throws()
    {
        Assert.Throws<ArgumentException>(() => KeyDerivation.Derive(Master.AsSpan(1), KeyPurpose.Documents, "org", "edge", "k1"));
        Assert.Throws<ArgumentException>(() => KeyDerivation.Derive(Master, KeyPurpose.Documents, "", "edge", "k1"));
        Assert.Throws<ArgumentException>(() => KeyDerivation.Derive(Master, KeyPurpose.Documents, "org", "edge", "not a key id"));
    }

    [Fact]
    public void Prove_Answer_DependsOnKeyChallengeAndEdge()
    {
        var key = SigningKey.Generate("k");

        var proof = KeyDerivation.Prove(key, "challenge", "edge");

        Assert.Equal(proof, KeyDerivation.Prove(key, "challenge", "edge"));
        Assert.NotEqual(proof, KeyDerivation.Prove(key, "challeng", "eedge"));
        Assert.NotEqual(proof, KeyDerivation.Prove(key, "challenge", "edge2"));
        Assert.NotEqual(proof, KeyDerivation.Prove(SigningKey.Generate("k"), "challenge", "edge"));
        Assert.Equal(32, Base64Url.DecodeFromChars(proof).Length);
    }
}
