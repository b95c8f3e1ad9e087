using System.Buffers.Text;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class SigningKeyTests
{
    private static readonly string Encoded = Base64Url.EncodeToString(SignedSamples.Key.Bytes);

    [Fact]
    public void TryParse_ExportedKey_GivesTheSameKey()
    {
        Assert.True(SigningKey.TryParse(SignedSamples.Key.Export() + "\n", out var key, out var error));

        Assert.Equal(SignedSamples.Key.Id, key.Id);
        Assert.Equal(SignedSamples.Key.Bytes, key.Bytes);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k1")]
    [InlineData(":{0}")]
    [InlineData("k 1:{0}")]
    [InlineData("k/1:{0}")]
    [InlineData("k1:{0}=")]
    [InlineData("k1:{0}AA")]
    [InlineData("k1:é{0}")]
    [InlineData("k1: {0}")]
    [InlineData("k1:AQIDBA")]
    [InlineData("k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void TryParse_MalformedText_IsRefusedWithoutShowingIt(string text)
    {
        var value = text.Replace("{0}", Encoded, StringComparison.Ordinal);

        Assert.False(SigningKey.TryParse(value, out var key, out var error));

        Assert.Null(key);
        Assert.NotEmpty(error);
        Assert.DoesNotContain(Encoded[..8], error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_LastCharacterWithUnusedBits_IsRefused()
    {
        // 32 bytes leave two unused bits in the last character: four texts for one key, of which one counts.
        var accepted = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .Count(last => SigningKey.TryParse($"k1:{Encoded[..^1]}{last}", out _, out _));

        Assert.Equal(16, accepted);
    }

    [Fact]
    public void ToString_Key_ShowsTheIdOnly() => Assert.Equal("k1", SignedSamples.Key.ToString());

    [Fact]
    public void Generate_Twice_GivesDifferentKeys() =>
        Assert.NotEqual(SigningKey.Generate("a").Export(), SigningKey.Generate("a").Export());
}
