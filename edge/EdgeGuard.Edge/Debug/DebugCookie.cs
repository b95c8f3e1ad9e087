using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Tracing;

namespace EdgeGuard.Edge.Debug;

/// <summary>
/// Writes and checks the value of a debug cookie: <c>expiry.id.signature</c>, the signature being HMAC-SHA256 (RFC 2104) in base64url over what
/// stands before it.
/// </summary>
/// <param name="key">Key of 32 bytes.</param>
internal sealed class DebugCookie(byte[] key)
{
    /// <summary>Longest value that is looked at: ten digits, 32, 43 and two dots, with room.</summary>
    private const int MaxLength = 128;

    /// <summary>How long a cookie is good, as the peer has it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>A new value.</summary>
    public string Issue(DateTimeOffset now)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{(now + Lifetime).ToUnixTimeSeconds()}.{DecisionId.New()}");
        return $"{text}.{Sign(text)}";
    }

    /// <summary>Whether a value is one of ours and still good; gives its id and when it ends.</summary>
    public bool TryRead(string? value, DateTimeOffset now, out DecisionId id, out DateTimeOffset expiry)
    {
        (id, expiry) = (default, default);
        if (value is null || value.Length > MaxLength || value.LastIndexOf('.') is not (> 0 and var end))
        {
            return false;
        }

        var text = value[..end];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(value[(end + 1)..]), Encoding.ASCII.GetBytes(Sign(text))))
        {
            return false;
        }

        // Signed by us, so it has our form.
        var parts = text.Split('.');
        expiry = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture));

        // Also not too far ahead: a clock that was wrong at the time must not make it last.
        return DecisionId.TryParse(parts[1], out id) && now < expiry && expiry <= now + Lifetime;
    }

    private string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)));
}
