using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Keys;

namespace EdgeGuard.Bundles.Tests.Keys;

public sealed class ApiKeyTextTests
{
    [Theory]
    [InlineData(false, "live", "sk_live_")]
    [InlineData(false, "test", "sk_test_")]
    [InlineData(true, "live", "pk_live_")]
    [InlineData(true, "test", "pk_test_")]
    public void Create_HasItsPrefixAndIsWellFormed(bool publishable, string environment, string prefix)
    {
        var key = ApiKeyText.Create(publishable, environment);

        Assert.StartsWith(prefix, key, StringComparison.Ordinal);
        Assert.Equal(57, key.Length);
        Assert.True(ApiKeyText.IsWellFormed(key));
        Assert.NotEqual(key, ApiKeyText.Create(publishable, environment));
    }

    [Fact]
    public void IsWellFormed_OneCharacterChanged_IsFalse()
    {
        var key = ApiKeyText.Create(isPublishable: false, "live");
        for (var i = 0; i < key.Length; i++)
        {
            foreach (var c in "aZ0_-")
            {
                var changed = key[..i] + c + key[(i + 1)..];
                Assert.Equal(changed == key, ApiKeyText.IsWellFormed(changed));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk_live_")]
    [InlineData("sk_prod_0000000000000000000000000000000000000000000000000")]
    public void IsWellFormed_AnotherForm_IsFalse(string text) => Assert.False(ApiKeyText.IsWellFormed(text));

    [Fact]
    public void Digest_IsSha256OfTheWholeKey()
    {
        var key = ApiKeyText.Create(isPublishable: false, "live");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key))), ApiKeyText.DigestText(key));
    }

    [Fact]
    public void Checksum_OfAKnownText_IsAsDocumented()
    {
        // CRC-32C of "123456789" is 0xE3069283 (RFC 3720 appendix B.4 uses the same polynomial and reflection).
        var crc = uint.MaxValue;
        foreach (var c in "123456789")
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, (byte)c);
        }

        Assert.Equal(0xE3069283u, ~crc);
    }
}
