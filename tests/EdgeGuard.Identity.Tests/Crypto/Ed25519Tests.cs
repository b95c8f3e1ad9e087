using System.Numerics;
using System.Security.Cryptography;
using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Tests.Crypto;

public sealed class Ed25519Tests
{
    // The group's order L (RFC 8032 section 5.1).
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    [Fact]
    public void Problem_OnTheMachineThatTestsRunOn_IsNone() => Assert.Null(Ed25519.Problem);

    // RFC 8032 section 7.1, tests 1 to 3.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Sign_ExamplesOfTheStandard_AreMetBothWays(string seed, string publicKey, string data, string signature)
    {
        var (key, message) = (Convert.FromHexString(seed), Convert.FromHexString(data));

        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.GetPublicKey(key)));
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(key, message)));
        Assert.True(Ed25519.Verify(Convert.FromHexString(publicKey), message, Convert.FromHexString(signature)));
    }

    [Fact]
    public void Verify_AnyBitChanged_IsFalse()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        var publicKey = Ed25519.GetPublicKey(seed);
        byte[] data = [1, 2, 3];
        var signature = Ed25519.Sign(seed, data);
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            var changed = (byte[])signature.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ed25519.Verify(publicKey, data, changed));
        }

        Assert.False(Ed25519.Verify(publicKey, [1, 2, 4], signature));
        Assert.False(Ed25519.Verify(Ed25519.GetPublicKey(RandomNumberGenerator.GetBytes(32)), data, signature));
    }

    [Fact]
    public void Verify_SecondFormOfOneSignature_IsFalse()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        byte[] data = [1, 2, 3];
        var signature = Ed25519.Sign(seed, data);

        // S + L fits the equation as well as S does; a lax verifier takes both.
        var s = new BigInteger(signature.AsSpan(32), isUnsigned: true) + Order;
        s.TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true);

        Assert.False(Ed25519.Verify(Ed25519.GetPublicKey(seed), data, signature));
    }

    [Fact]
    public void Verify_WrongLengths_AreFalse()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        var publicKey = Ed25519.GetPublicKey(seed);
        var signature = Ed25519.Sign(seed, []);

        Assert.False(Ed25519.Verify(publicKey.AsSpan(0, 31), [], signature));
        Assert.False(Ed25519.Verify([.. publicKey, 0], [], signature));
        Assert.False(Ed25519.Verify(publicKey, [], signature.AsSpan(0, 63)));
        Assert.False(Ed25519.Verify(publicKey, [], [.. signature, 0]));
        Assert.False(Ed25519.Verify([], [], []));
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(seed.AsSpan(1), []));
    }

    [Fact]
    public void Verify_FailureBefore_LeavesTheFrameworksCryptographyAlone()
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        using var rsa = RSA.Create(2048);
        var signature = rsa.SignData(new byte[] { 1 }, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.False(Ed25519.Verify(Ed25519.GetPublicKey(seed), [1], new byte[64]));

        Assert.True(rsa.VerifyData(new byte[] { 1 }, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
