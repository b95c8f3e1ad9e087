using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Reads a compact JWS strictly: exactly one text for each value of base64url, JSON objects, no name twice. Parsers differ in which of two
/// equal names counts; the gateway and the application behind it must not see different claims.
/// </summary>
internal static class TokenParser
{
    private const string Audience = "aud";

    /// <summary>Reads a token of three parts. Never throws; <see cref="ParsedToken.Failure"/> says what is wrong.</summary>
    /// <param name="token">Header, payload and signature between dots.</param>
    /// <param name="requireSignature">Whether the third part must hold something.</param>
    public static ParsedToken Parse(string token, bool requireSignature)
    {
        var parsed = new ParsedToken();
        var text = Encoding.ASCII.GetBytes(token).AsSpan();
        var first = text.IndexOf((byte)'.');
        var last = text.LastIndexOf((byte)'.');
        if (!StrictBase64Url.TryDecode(text[..first], out var header)
            || !StrictBase64Url.TryDecode(text[(first + 1)..last], out var payload))
        {
            parsed.Failure = TokenFailures.Malformed;
            return parsed;
        }

        var failure = Read(payload, parsed, ReadPayload) ?? Read(header, parsed, ReadHeader);
        if (!StrictBase64Url.TryDecode(text[(last + 1)..], out var signature) || (requireSignature && signature.Length == 0))
        {
            failure ??= TokenFailures.Malformed;
        }

        parsed.Failure = failure;
        return parsed;
    }

    private delegate string? PartReader(ref Utf8JsonReader reader, ParsedToken parsed);

    private static string? Read(byte[] json, ParsedToken parsed, PartReader read)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return TokenFailures.Malformed;
            }

            var failure = read(ref reader, parsed);

            // Anything behind the object makes this throw.
            return failure ?? (reader.Read() ? TokenFailures.Malformed : null);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return TokenFailures.Malformed;
        }
    }

    private static string? ReadHeader(ref Utf8JsonReader reader, ParsedToken parsed)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? failure = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                return TokenFailures.Duplicate;
            }

            reader.Read();
            switch (name)
            {
                case "alg" or "typ" or "kid" when reader.TokenType != JsonTokenType.String:
                    return TokenFailures.Malformed;
                case "alg":
                    parsed.Algorithm = reader.GetString()!;
                    break;
                case "typ":
                    parsed.Type = reader.GetString();
                    break;
                case "kid":
                    parsed.KeyId = reader.GetString();
                    break;
                case "crit" or "b64":
                    failure ??= TokenFailures.Critical;
                    reader.Skip();
                    break;
                default:
                    // jku, jwk, x5u, x5c: never looked at. Keys come from the issuer's key set only (RFC 8725 section 3.10).
                    reader.Skip();
                    break;
            }
        }

        return failure ?? (parsed.Algorithm.Length == 0 ? TokenFailures.Algorithm : null);
    }

    private static string? ReadPayload(ref Utf8JsonReader reader, ParsedToken parsed)
    {
        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? failure = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                failure ??= TokenFailures.Duplicate;
            }

            reader.Read();
            if (!ReadRegistered(name, ref reader, parsed))
            {
                failure ??= TokenFailures.Malformed;
            }

            if (ReadScalar(ref reader) is { } value)
            {
                claims[name] = value;
            }
        }

        parsed.Claims = claims.ToFrozenDictionary(StringComparer.Ordinal);
        return failure;
    }

    /// <summary>Takes the claims that verification needs; false when one is not of its type.</summary>
    private static bool ReadRegistered(string name, ref Utf8JsonReader reader, ParsedToken parsed)
    {
        switch (name)
        {
            case "iss":
                parsed.Issuer = reader.TokenType == JsonTokenType.String ? reader.GetString()! : string.Empty;
                return reader.TokenType == JsonTokenType.String;
            case "exp":
                parsed.ExpiresAt = ReadTime(ref reader);
                return parsed.ExpiresAt is not null;
            case "nbf":
                parsed.NotBefore = ReadTime(ref reader);
                return parsed.NotBefore is not null;
            case Audience when reader.TokenType == JsonTokenType.String:
                parsed.Audiences.Add(reader.GetString()!);
                return true;
            case Audience:
                return ReadAudiences(ref reader, parsed);
            default:
                return true;
        }
    }

    private static bool ReadAudiences(ref Utf8JsonReader reader, ParsedToken parsed)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var depth = reader.CurrentDepth;
        var good = true;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == depth + 1)
            {
                parsed.Audiences.Add(reader.GetString()!);
            }
            else
            {
                good = false;
            }
        }

        return good;
    }

    private static double? ReadTime(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var seconds) && double.IsFinite(seconds) ? seconds : null;

    /// <summary>A scalar as text, and the reader behind it; null for arrays, objects and null.</summary>
    private static string? ReadScalar(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.Number:
                return FormatNumber(Encoding.ASCII.GetString(reader.ValueSpan));
            default:
                reader.Skip();
                return null;
        }
    }

    /// <summary>
    /// Whole numbers keep every digit: two tenants whose ids differ beyond 2^53 must not become one through floating point. Others take the
    /// shortest text that reads back as the same double, so that 1.50 and 1.5 are one value.
    /// </summary>
    private static string? FormatNumber(string literal)
    {
        if (literal.AsSpan(literal[0] == '-' ? 1 : 0).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return literal == "-0" ? "0" : literal;
        }

        return double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? (number == 0 ? 0d : number).ToString("R", CultureInfo.InvariantCulture)
            : null;
    }
}
