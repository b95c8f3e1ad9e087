using System.Text;

namespace EdgeGuard.Identity.Agents;

/// <summary>A shared secret as it is kept in a variable or file.</summary>
public static class SharedSecret
{
    /// <summary>Shortest secret taken, in bytes: 128 bits, which nobody can try out.</summary>
    public const int MinBytes = 16;

    private const string Base64Prefix = "base64:";

    /// <summary>Its bytes: the text as UTF-8, or what stands in base64 behind <c>base64:</c>; null when that is no base64.</summary>
    public static byte[]? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text.AsSpan(Base64Prefix.Length), bytes, out var written) ? bytes[..written] : null;
    }
}
