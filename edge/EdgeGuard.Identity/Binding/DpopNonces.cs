using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Binding;

/// <summary>
/// Nonces of this edge for DPoP proofs (RFC 9449 section 9). Nothing is kept: a nonce is a keyed hash of a span of five minutes, and that of the span
/// before is taken too. The key is this process's own, so a proof made for another edge is answered with a nonce of this one.
/// </summary>
internal sealed class DpopNonces(TimeProvider time)
{
    private const long SpanSeconds = 300;
    private const int Bytes = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The nonce to give out now.</summary>
    public string Current => Of(Span);

    private long Span => time.GetUtcNow().ToUnixTimeSeconds() / SpanSeconds;

    /// <summary>Whether a nonce is this edge's and not too old.</summary>
    public bool IsValid(string? nonce) => nonce is not null && (IsSame(nonce, Of(Span)) || IsSame(nonce, Of(Span - 1)));

    private static bool IsSame(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private string Of(long span)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, span);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, number, hash);
        return Base64Url.EncodeToString(hash[..Bytes]);
    }
}
