using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class PeerSignatureTests
{
    private static readonly byte[] Document = PeerSignature.Sign("{\"bundle_version\":1}"u8, SignedSamples.Key);

    [Fact]
    public void Sign_Payload_IsBase64OfHmacLineFeedPayload()
    {
        var mac = Convert.ToBase64String(HMACSHA256.HashData(SignedSamples.Key.Bytes, "{\"bundle_version\":1}"u8));

        Assert.Equal($"{mac}\n{{\"bundle_version\":1}}", Encoding.UTF8.GetString(Document));
    }

    [Fact]
    public void Verify_SignedByAnyConfiguredKey_GivesThePayload()
    {
        var result = PeerSignature.Verify(Document, SigningKey.Generate("other"), SignedSamples.Key);

        Assert.True(result.IsValid);
        Assert.Null(result.Header);
        Assert.Equal("{\"bundle_version\":1}"u8, result.Payload!);
    }

    [Fact]
    public void Verify_EveryByteReplacedByEveryOtherValue_IsRefused()
    {
        var document = (byte[])Document.Clone();
        for (var position = 0; position < document.Length; position++)
        {
            var original = document[position];
            for (var value = 0; value < 256; value++)
            {
                document[position] = (byte)value;
                Assert.Equal(value == original, PeerSignature.Verify(document, SignedSamples.Key).IsValid);
            }

            document[position] = original;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\n{}")]
    public void Verify_NotThePeersForm_IsToldApart(string text)
    {
        Assert.Equal(SigningCodes.NotPeerForm, PeerSignature.Verify(Encoding.UTF8.GetBytes(text), SignedSamples.Key).Problem?.Code);
        Assert.False(PeerSignature.IsPeerForm(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Verify_CarriageReturnOrNoPayload_IsRefused()
    {
        Assert.Equal(SigningCodes.NotPeerForm, PeerSignature.Verify([.. Document[..44], (byte)'\r', .. Document[44..]], SignedSamples.Key).Problem?.Code);
        Assert.Equal(SigningCodes.NotPeerForm, PeerSignature.Verify(Document.AsSpan(0, 45), SignedSamples.Key).Problem?.Code);
    }

    [Fact]
    public void Verify_NoOrAnotherKey_IsRefused()
    {
        Assert.Equal(SigningCodes.BadSignature, PeerSignature.Verify(Document).Problem?.Code);
        Assert.Equal(SigningCodes.BadSignature, PeerSignature.Verify(Document, SigningKey.Generate("k1")).Problem?.Code);
    }
}
