using System.Buffers.Text;
using System.Text;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Tests.Signing;

internal static class SignedSamples
{
    public const string Audience = "edge-1";

    public static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public static readonly SigningKey Key = new("k1", Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public static readonly DocumentHeader Header =
        new(DocumentType.Bundle, "k1", Audience, "lineage-1", 2, 7, Now, Now.AddHours(1));

    public static DocumentVerifier Verifier { get; } = new(new TrustedKeys(Key));

    public static byte[] Sign(DocumentHeader? header = null, string payload = "{\"bundle_version\":1}") =>
        Encoding.ASCII.GetBytes(DocumentSigner.Sign(header ?? Header, Encoding.UTF8.GetBytes(payload), Key));

    /// <summary>A correctly signed document with any header text.</summary>
    public static byte[] SignRaw(string headerJson, SigningKey? key = null)
    {
        var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(headerJson))}.{Base64Url.EncodeToString("{}"u8)}";
        return Encoding.ASCII.GetBytes($"{input}.{Base64Url.EncodeToString(Hs256.Compute(key ?? Key, Encoding.ASCII.GetBytes(input)))}");
    }

    public static VerificationResult Verify(byte[] document, DocumentType type = DocumentType.Bundle, string audience = Audience, DateTimeOffset? now = null) =>
        Verifier.Verify(document, type, audience, now ?? Now);
}
