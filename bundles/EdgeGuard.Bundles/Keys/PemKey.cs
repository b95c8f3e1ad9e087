using System.Security.Cryptography;

namespace EdgeGuard.Bundles.Keys;

/// <summary>A public key as PEM: one block with the label <c>PUBLIC KEY</c>, nothing around it.</summary>
internal static class PemKey
{
    // SubjectPublicKeyInfo of an Ed25519 key is always this and the key (RFC 8410 section 4).
    private static ReadOnlySpan<byte> Ed25519Prefix => [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

    public static PublicKeyRead Read(ReadOnlySpan<char> text)
    {
        if (!PemEncoding.TryFind(text, out var fields) || fields.Location.GetOffsetAndLength(text.Length) != (0, text.Length))
        {
            return PublicKeyRead.Invalid("it is not exactly one PEM block");
        }

        var label = text[fields.Label];
        if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
        {
            return new PublicKeyRead(null, PublicKeyProblem.HoldsPrivateKey, "it holds a private key");
        }

        if (!label.SequenceEqual("PUBLIC KEY"))
        {
            return PublicKeyRead.Invalid("its label is not PUBLIC KEY");
        }

        var der = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(text[fields.Base64Data], der, out var written) && written == der.Length
            ? Read(der)
            : PublicKeyRead.Invalid("its base64 is malformed");
    }

    private static PublicKeyRead Read(byte[] der)
    {
        if (der.AsSpan().StartsWith(Ed25519Prefix))
        {
            var point = der[Ed25519Prefix.Length..];
            return Finish(PublicKeyKind.Ed25519, point, [], Ed25519Point.Check(point));
        }

        return ReadRsa(der) ?? ReadEc(der) ?? PublicKeyRead.Invalid("it is no RSA, EC or Ed25519 key");
    }

    private static PublicKeyRead? ReadRsa(byte[] der)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(der, out var read);
            if (read != der.Length)
            {
                return PublicKeyRead.Invalid("something follows the key");
            }

            var numbers = rsa.ExportParameters(false);
            return Finish(PublicKeyKind.Rsa, numbers.Modulus!, numbers.Exponent!, KeyNumbers.CheckRsa(numbers.Modulus!, numbers.Exponent!));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static PublicKeyRead? ReadEc(byte[] der)
    {
        try
        {
            using var ec = ECDsa.Create();
            ec.ImportSubjectPublicKeyInfo(der, out var read);
            var numbers = ec.ExportParameters(false);

            // Parameters that are written out instead of named could describe a curve of the sender's own making.
            if (read != der.Length || !numbers.Curve.IsNamed || KindOf(numbers.Curve) is not { } kind)
            {
                return PublicKeyRead.Invalid("its curve is none of P-256, P-384 and P-521, or something follows it");
            }

            return Finish(kind, numbers.Q.X!, numbers.Q.Y!, KeyNumbers.CheckEc(kind, numbers.Q.X!, numbers.Q.Y!));
        }
        catch (Exception problem) when (problem is CryptographicException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static PublicKeyKind? KindOf(ECCurve curve) => curve.Oid.Value switch
    {
        "1.2.840.10045.3.1.7" => PublicKeyKind.EcP256,
        "1.3.132.0.34" => PublicKeyKind.EcP384,
        "1.3.132.0.35" => PublicKeyKind.EcP521,
        _ => null,
    };

    private static PublicKeyRead Finish(PublicKeyKind kind, byte[] first, byte[] second, string? why) =>
        why is null ? PublicKeyRead.Of(new PublicKey(kind, first, second, null, null)) : PublicKeyRead.Invalid(why);
}
