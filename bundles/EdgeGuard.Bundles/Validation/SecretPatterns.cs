using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>What secrets look like.</summary>
internal static partial class SecretPatterns
{
    private const int MinRandomLength = 24;

    // Words, hosts and paths stay below 3.6 bits a character once they are that long and mix letters with digits; random base64 of
    // 24 characters has about 4.3, random hex about 3.6 (measured over 10 000 samples each).
    private const double MinRandomBits = 3.75;

    /// <summary>The kind of secret whose form the text has (<c>a private key</c>), or null.</summary>
    public static string? Known(string text)
    {
        // No known form is shorter than an AWS key id; most texts of a bundle end here.
        if (text.Length < 16)
        {
            return null;
        }

        if (text.Contains("-----BEGIN", StringComparison.Ordinal) && text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return "a private key";
        }

        if (text.Contains("eyJ", StringComparison.Ordinal) && Jwt().IsMatch(text))
        {
            return "a signed token";
        }

        if (Bearer().IsMatch(text))
        {
            return "bearer or basic credentials";
        }

        if (text.Contains("://", StringComparison.Ordinal) && UserInfo().IsMatch(text))
        {
            return "an address with a password";
        }

        return Prefixed().IsMatch(text) ? "an access key" : null;
    }

    /// <summary>Whether a text must not be repeated in a message.</summary>
    public static bool LooksSecret(string text) => Known(text) is not null || LooksRandom(text);

    /// <summary>Whether one word of the text is long, mixed and random, as keys are and names are not.</summary>
    public static bool LooksRandom(string text)
    {
        if (text.Length < MinRandomLength)
        {
            return false;
        }

        foreach (var range in text.AsSpan().SplitAny(' ', '/', '.', ',', ':', '?', '&', '"', '\''))
        {
            var word = text.AsSpan(range);
            if (word.Length >= MinRandomLength && IsMixed(word) && Bits(word) >= MinRandomBits)
            {
                return true;
            }
        }

        return false;
    }

    // Words joined by dashes carry few digits; keys have digits, and letters of both cases or only hex.
    private static bool IsMixed(ReadOnlySpan<char> word)
    {
        int digits = 0, upper = 0, lower = 0, hex = 0, separators = 0;
        foreach (var c in word)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            hex += char.IsAsciiHexDigit(c) ? 1 : 0;
            separators += c is '-' or '_' ? 1 : 0;
        }

        var isUuid = word.Length == 36 && separators == 4 && hex == 32;
        if (isUuid || digits < 3 || separators * 6 > word.Length)
        {
            return false;
        }

        return (upper > 2 && lower > 2) || (hex == word.Length && hex >= 32);
    }

    private static double Bits(ReadOnlySpan<char> word)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var c in word)
        {
            counts[c & 0x7F]++;
        }

        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var share = (double)count / word.Length;
                bits -= share * Math.Log2(share);
            }
        }

        // Sixteen symbols cannot carry more than four bits, so hex is measured against its own ceiling.
        var onlyHex = true;
        foreach (var c in word)
        {
            onlyHex &= char.IsAsciiHexDigit(c);
        }

        return onlyHex ? bits + 0.5 : bits;
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*", RegexOptions.CultureInvariant, MatchBudget.Milliseconds)]
    private static partial Regex Jwt();

    // A digit tells credentials from prose ("bearer authentication").
    [GeneratedRegex(@"\b(bearer|basic)\s+(?=\S*[0-9])[A-Za-z0-9._~+/=-]{16,}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MatchBudget.Milliseconds)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{0,15}://[^/@\s:]*:[^/@\s]+@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MatchBudget.Milliseconds)]
    private static partial Regex UserInfo();

    [GeneratedRegex(
        @"\b((sk|pk|rk)_(live|test)_[A-Za-z0-9]{8,}|sk_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9+/=_-]{16,}|(AKIA|ASIA)[A-Z0-9]{16}"
        + @"|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,})",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        MatchBudget.Milliseconds)]
    private static partial Regex Prefixed();
}
