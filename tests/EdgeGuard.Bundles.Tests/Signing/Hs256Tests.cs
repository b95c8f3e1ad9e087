using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

public sealed class Hs256Tests
{
    // RFC 7515 appendix A.1 and RFC 7520 section 4.4.
    [Theory]
    [InlineData(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    [InlineData(
        "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4",
        "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0")]
    public void Compute_VectorOfTheRfcs_GivesTheirSignature(string key, string input, string signature)
    {
        var signingKey = new SigningKey("rfc", Base64Url.DecodeFromChars(key));

        Assert.Equal(signature, Base64Url.EncodeToString(Hs256.Compute(signingKey, Encoding.ASCII.GetBytes(input))));
        Assert.True(Hs256.Verify(signingKey, Encoding.ASCII.GetBytes(input), Base64Url.DecodeFromChars(signature)));
    }

    [Fact]
    public void Verify_VectorOfTheRfc_IsNoDocumentOfOurs()
    {
        var key = new SigningKey("rfc", Base64Url.DecodeFromChars("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"));
        var document = SignedSamples.SignRaw("{\"alg\":\"HS256\",\"kid\":\"rfc\"}", key);

        var result = new DocumentVerifier(new TrustedKeys(key)).Verify(document, DocumentType.Bundle, "any", SignedSamples.Now);

        Assert.Equal(SigningCodes.BadHeader, result.Problem?.Code);
    }

    // RFC 5869 appendix A.1 and A.3: the framework's HKDF is what the RFC says.
    [Theory]
    [InlineData("000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData("", "", "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Hkdf_VectorOfTheRfc_GivesItsOutput(string salt, string info, string expected)
    {
        var ikm = Enumerable.Repeat((byte)0x0b, 22).ToArray();

        var okm = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 42, Convert.FromHexString(salt), Convert.FromHexString(info));

        Assert.Equal(expected, Convert.ToHexStringLower(okm));
    }
}
