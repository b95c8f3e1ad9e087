using System.Text;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class DocumentVerifierTests
{
    private const string HeaderJson =
        "{\"alg\":\"HS256\",\"typ\":\"edgeguard-bundle+jws\",\"kid\":\"k1\",\"aud\":\"edge-1\",\"iss\":\"lineage-1\",\"epoch\":2,\"seq\":7,\"iat\":1768478400}";

    [Fact]
    public void Verify_SignedDocument_GivesHeaderAndPayload()
    {
        var result = SignedSamples.Verify(SignedSamples.Sign());

        Assert.True(result.IsValid);
        Assert.Equal(SignedSamples.Header, result.Header);
        Assert.Equal("{\"bundle_version\":1}"u8, result.Payload!);
    }

    [Theory]
    [InlineData(DocumentType.Bundle, "edgeguard-bundle+jws")]
    [InlineData(DocumentType.KillSwitches, "edgeguard-kill+jws")]
    [InlineData(DocumentType.Revocations, "edgeguard-revocation+jws")]
    [InlineData(DocumentType.Token, "edgeguard-token+jws")]
    [InlineData(DocumentType.Lease, "edgeguard-lease+jws")]
    [InlineData(DocumentType.Heartbeat, "edgeguard-heartbeat+jws")]
    public void Verify_EachType_PassesOnlyAsItself(DocumentType type, string name)
    {
        var document = SignedSamples.Sign(SignedSamples.Header with { Type = type });

        foreach (var expected in Enum.GetValues<DocumentType>())
        {
            Assert.Equal(expected == type ? null : SigningCodes.WrongType, SignedSamples.Verify(document, expected).Problem?.Code);
        }

        Assert.Contains($"\"typ\":\"{name}\"", Encoding.UTF8.GetString(Convert.FromBase64String(Pad(document))), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_EveryByteReplacedByEveryOtherValue_IsRefused()
    {
        // Payloads of every length modulo 3: the unused bits of a last character are where a lax decoder lets a change through.
        foreach (var payload in (string[])["{}", "{ }", "{  }"])
        {
            var document = SignedSamples.Sign(payload: payload);
            for (var position = 0; position < document.Length; position++)
            {
                var original = document[position];
                for (var value = 0; value < 256; value++)
                {
                    if (value != original)
                    {
                        document[position] = (byte)value;
                        Assert.False(SignedSamples.Verify(document).IsValid, $"byte {position}: {original} replaced by {value} passed");
                    }
                }

                document[position] = original;
            }

            Assert.True(SignedSamples.Verify(document).IsValid);
        }
    }

    [Fact]
    public void Verify_TruncatedAppendedOrInserted_IsRefused()
    {
        var document = SignedSamples.Sign();
        for (var length = 0; length < document.Length; length++)
        {
            Assert.False(SignedSamples.Verify(document[..length]).IsValid);
            Assert.False(SignedSamples.Verify(document[length..][1..]).IsValid);
        }

        foreach (var extra in "A.= \n\0"u8.ToArray())
        {
            for (var position = 0; position <= document.Length; position++)
            {
                Assert.False(SignedSamples.Verify([.. document[..position], extra, .. document[position..]]).IsValid);
            }
        }
    }

    [Fact]
    public void Verify_PartsSwappedBetweenDocuments_IsRefused()
    {
        var one = Encoding.ASCII.GetString(SignedSamples.Sign()).Split('.');
        var other = Encoding.ASCII.GetString(SignedSamples.Sign(SignedSamples.Header with { Sequence = 8 }, "{\"bundle_version\":2}")).Split('.');
        foreach (var parts in (string[][])[[other[0], one[1], one[2]], [one[0], other[1], one[2]], [one[0], one[1], other[2]], [one[1], one[0], one[2]], [one[0], one[1], ""]])
        {
            Assert.False(SignedSamples.Verify(Encoding.ASCII.GetBytes(string.Join('.', parts))).IsValid);
        }
    }

    [Theory]
    [InlineData("\"alg\":\"HS256\"", "\"alg\":\"none\"", SigningCodes.AlgorithmRefused)]
    [InlineData("\"alg\":\"HS256\"", "\"alg\":\"hs256\"", SigningCodes.AlgorithmRefused)]
    [InlineData("\"alg\":\"HS256\"", "\"alg\":\"HS384\"", SigningCodes.AlgorithmRefused)]
    [InlineData("\"alg\":\"HS256\"", "\"alg\":\"RS256\"", SigningCodes.AlgorithmRefused)]
    [InlineData("\"typ\":\"edgeguard-bundle+jws\"", "\"typ\":\"application/edgeguard-bundle+jws\"", SigningCodes.WrongType)]
    [InlineData("\"typ\":\"edgeguard-bundle+jws\"", "\"typ\":\"EDGEGUARD-BUNDLE+JWS\"", SigningCodes.WrongType)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"K1\"", SigningCodes.UnknownKey)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"../k1\"", SigningCodes.UnknownKey)]
    [InlineData("\"aud\":\"edge-1\"", "\"aud\":\"edge-2\"", SigningCodes.WrongAudience)]
    [InlineData("\"aud\":\"edge-1\"", "\"aud\":[\"edge-1\"]", SigningCodes.BadHeader)]
    [InlineData("\"aud\":\"edge-1\",", "", SigningCodes.BadHeader)]
    [InlineData("\"iss\":\"lineage-1\"", "\"iss\":\"\"", SigningCodes.BadHeader)]
    [InlineData("\"epoch\":2", "\"epoch\":-1", SigningCodes.BadHeader)]
    [InlineData("\"epoch\":2", "\"epoch\":\"2\"", SigningCodes.BadHeader)]
    [InlineData("\"epoch\":2", "\"epoch\":2.0", SigningCodes.BadHeader)]
    [InlineData("\"seq\":7", "\"seq\":0", SigningCodes.BadHeader)]
    [InlineData("\"seq\":7", "\"seq\":99999999999999999999", SigningCodes.BadHeader)]
    [InlineData("\"seq\":7", "\"seq\":7,\"seq\":8", SigningCodes.BadHeader)]
    [InlineData("\"seq\":7", "\"seq\":7,\"s\\u0065q\":8", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":null", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"k1\",\"crit\":[\"exp\"]", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"k1\",\"jku\":\"https://evil.example\"", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"k1\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"k1\",\"x5u\":\"https://evil.example\"", SigningCodes.BadHeader)]
    [InlineData("\"kid\":\"k1\"", "\"kid\":\"k1\",\"b64\":false", SigningCodes.BadHeader)]
    [InlineData("\"iat\":1768478400", "\"iat\":1768478701", SigningCodes.FromTheFuture)]
    [InlineData("\"iat\":1768478400", "\"iat\":1768478400,\"exp\":1768478400", SigningCodes.Expired)]
    [InlineData("\"iat\":1768478400", "\"iat\":1768478400,\"exp\":253402300800", SigningCodes.BadHeader)]
    [InlineData("{", "[", SigningCodes.BadHeader)]
    [InlineData("}", "} ", null)]
    [InlineData("}", "}{}", SigningCodes.BadHeader)]
    [InlineData("\"iat\":1768478400", "\"iat\":1768478700", null)]
    [InlineData("\"iat\":1768478400", "\"iat\":1768478400,\"exp\":1768478401", null)]
    public void Verify_HeaderAlteredButCorrectlySigned_IsJudgedByItsHeader(string part, string replacement, string? code)
    {
        var document = SignedSamples.SignRaw(HeaderJson.Replace(part, replacement, StringComparison.Ordinal));

        var result = SignedSamples.Verify(document);

        Assert.Equal(code, result.Problem?.Code);
        Assert.Equal(code is null, result.Header is not null);
        Assert.Equal(code is null, result.Payload is not null);
    }

    [Fact]
    public void Verify_AnotherKeyOfTheSameId_IsRefused()
    {
        var other = SigningKey.Generate("k1");

        Assert.Equal(SigningCodes.BadSignature, SignedSamples.Verify(SignedSamples.SignRaw(HeaderJson, other)).Problem?.Code);
    }

    [Fact]
    public void Verify_TwoTrustedKeys_TakesEitherDuringRotation()
    {
        var next = SigningKey.Generate("k2");
        var verifier = new DocumentVerifier(new TrustedKeys(SignedSamples.Key, next));
        var document = DocumentSigner.Sign(SignedSamples.Header with { KeyId = "k2" }, "{}"u8, next);

        Assert.True(verifier.Verify(Encoding.ASCII.GetBytes(document), DocumentType.Bundle, SignedSamples.Audience, SignedSamples.Now).IsValid);
        Assert.True(verifier.Verify(SignedSamples.Sign(), DocumentType.Bundle, SignedSamples.Audience, SignedSamples.Now).IsValid);
    }

    [Fact]
    public void Verify_Expiry_IsTheFirstRefusedMoment()
    {
        var expiresAt = SignedSamples.Header.ExpiresAt!.Value;

        Assert.True(SignedSamples.Verify(SignedSamples.Sign(), now: expiresAt.AddTicks(-1)).IsValid);
        Assert.Equal(SigningCodes.Expired, SignedSamples.Verify(SignedSamples.Sign(), now: expiresAt).Problem?.Code);
    }

    [Fact]
    public void Verify_Problem_NeverHoldsKeyOrSignature()
    {
        var document = SignedSamples.Sign();
        document[^1] = (byte)'A';

        var text = SignedSamples.Verify(document).Problem!.ToString();

        Assert.DoesNotContain(SignedSamples.Key.Export().Split(':')[1], text, StringComparison.Ordinal);
        Assert.DoesNotContain(Encoding.ASCII.GetString(document).Split('.')[2][..20], text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_HeaderThatNoVerifierTakes_Throws()
    {
        var header = SignedSamples.Header;

        Assert.Throws<ArgumentException>(() => DocumentSigner.Sign(header with { KeyId = "other" }, [], SignedSamples.Key));
        Assert.Throws<ArgumentException>(() => DocumentSigner.Sign(header with { Sequence = 0 }, [], SignedSamples.Key));
        Assert.Throws<ArgumentException>(() => DocumentSigner.Sign(header with { Epoch = -1 }, [], SignedSamples.Key));
        Assert.Throws<ArgumentException>(() => DocumentSigner.Sign(header with { Audience = "" }, [], SignedSamples.Key));
        Assert.Throws<ArgumentException>(() => DocumentSigner.Sign(header with { Issuer = new string('x', 257) }, [], SignedSamples.Key));
    }

    private static string Pad(byte[] document)
    {
        var part = Encoding.ASCII.GetString(document).Split('.')[0].Replace('-', '+').Replace('_', '/');
        return part.PadRight((part.Length + 3) / 4 * 4, '=');
    }
}
