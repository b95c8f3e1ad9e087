using System.Buffers.Text;
using System.Text;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>A token in parts.</summary>
/// <param name="algorithm">Its algorithm, which is also the id of its key.</param>
/// <param name="key">The members of the public key's JWK that are of its kind only.</param>
/// <param name="signature">As it stands in the token.</param>
internal sealed class SignedToken(string algorithm, string key, string signature)
{
    /// <summary>As it was signed, to the byte.</summary>
    public const string Payload =
        """{"iss":"https://issuer.example","aud":["api","other"],"sub":"user-1","iat":1767225600,"nbf":1767225600,"exp":1767312000,"scope":"a b","realm":{"roles":["x","y"]}}""";

    public string Algorithm => algorithm;

    /// <summary>The public key.</summary>
    public string Jwk { get; } = $"{{{key},\"kid\":\"{algorithm}\",\"alg\":\"{algorithm}\",\"use\":\"sig\"}}";

    /// <summary>As it was signed, to the byte.</summary>
    public string Header { get; } = HeaderOf(algorithm);

    /// <summary>What the signature is over.</summary>
    public string SigningInput { get; } = Join(Encoding.UTF8.GetBytes(HeaderOf(algorithm)), Encoding.UTF8.GetBytes(Payload));

    /// <summary>The signature's bytes.</summary>
    public byte[] Signature { get; } = Base64Url.DecodeFromChars(signature);

    /// <summary>All of it.</summary>
    public string Text => $"{SigningInput}.{signature}";

    /// <summary>The same signature over another header.</summary>
    public string WithHeader(ReadOnlySpan<byte> header) => $"{Join(header, Encoding.UTF8.GetBytes(Payload))}.{signature}";

    /// <summary>The same signature over another payload.</summary>
    public string WithPayload(ReadOnlySpan<byte> payload) => $"{Join(Encoding.UTF8.GetBytes(Header), payload)}.{signature}";

    private static string HeaderOf(string algorithm) => $"{{\"alg\":\"{algorithm}\",\"kid\":\"{algorithm}\",\"typ\":\"JWT\"}}";

    private static string Join(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
}
