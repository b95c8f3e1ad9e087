using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Identity.Tokens;

/// <summary>Reads a compact JWS (RFC 7515 section 3.1) strictly: exactly one text for each value of base64url, JSON objects, no name twice at any depth.</summary>
internal static class TokenParser
{
    // The last second of the year 9999: what lies behind is no time but a way to find out how others overflow.
    private const double LastSecond = 253_402_300_799;

    /// <summary>Reads a token of three parts. Never throws; <see cref="ParsedToken.Failure"/> says what is wrong.</summary>
    /// <param name="token">Header, payload and signature between dots.</param>
    /// <param name="requireSignature">Whether the third part must hold something.</param>
    public static ParsedToken Parse(ReadOnlySpan<char> token, bool requireSignature)
    {
        var parsed = new ParsedToken();
        var bytes = new byte[token.Length];
        Encoding.ASCII.GetBytes(token, bytes);
        var text = bytes.AsSpan();
        var first = text.IndexOf((byte)'.');
        var last = text.LastIndexOf((byte)'.');
        if (!StrictBase64Url.TryDecode(text[..first], out var header)
            || !StrictBase64Url.TryDecode(text[(first + 1)..last], out var payload))
        {
            parsed.Failure = TokenFailures.Malformed;
            return parsed;
        }

        var failure = ReadPayload(payload, parsed) ?? ReadHeader(header, parsed);
        if (!StrictBase64Url.TryDecode(text[(last + 1)..], out var signature) || (requireSignature && signature.Length == 0))
        {
            failure ??= TokenFailures.Malformed;
        }

        parsed.SigningInput = new ArraySegment<byte>(bytes, 0, last);
        parsed.Signature = signature;
        parsed.Failure = failure;
        return parsed;
    }

    // jku, jwk, x5u, x5c: never looked at. Keys come from the issuer's key set only (RFC 8725 section 3.10).
    private static string? ReadHeader(byte[] json, ParsedToken parsed)
    {
        var facts = parsed.Facts;
        string? failure = null;
        var malformed = StrictJson.Read(
            json,
            (name, value) =>
            {
                switch (name)
                {
                    case "alg" or "typ" or "kid" when value.TokenType != JsonTokenType.String:
                        failure ??= TokenFailures.Malformed;
                        break;
                    case "alg":
                        facts = facts with { Algorithm = value.GetString()! };
                        break;
                    case "typ":
                        facts = facts with { Type = value.GetString() };
                        break;
                    case "kid":
                        parsed.KeyId = value.GetString();
                        break;
                    case "crit" or "b64":
                        failure ??= TokenFailures.Critical;
                        break;
                    default:
                        break;
                }
            },
            null);
        parsed.Facts = facts;
        return malformed ?? failure ?? (facts.Algorithm.Length == 0 ? TokenFailures.Algorithm : null);
    }

    private static string? ReadPayload(byte[] json, ParsedToken parsed)
    {
        var facts = parsed.Facts;
        var claims = new ClaimCollector();
        var isWellTyped = true;
        var failure = StrictJson.Read(json, (name, value) => isWellTyped &= ReadRegistered(name, value, parsed, ref facts), claims);
        parsed.Facts = facts with { Claims = claims.Finish() };
        return failure ?? (isWellTyped ? null : TokenFailures.Malformed);
    }

    /// <summary>Takes the claims that verification needs; false when one is not of its type.</summary>
    private static bool ReadRegistered(string name, Utf8JsonReader value, ParsedToken parsed, ref TokenFacts facts)
    {
        switch (name)
        {
            case "iss":
                parsed.Issuer = value.TokenType == JsonTokenType.String ? value.GetString()! : string.Empty;
                return value.TokenType == JsonTokenType.String;
            case "sub" or "jti":
                return value.TokenType == JsonTokenType.String;
            case "exp":
                facts = facts with { ExpiresAt = ReadTime(value) };
                return facts.ExpiresAt is not null;
            case "nbf":
                facts = facts with { NotBefore = ReadTime(value) };
                return facts.NotBefore is not null;
            case "iat":
                facts = facts with { IssuedAt = ReadTime(value) };
                return facts.IssuedAt is not null;
            case "aud":
                facts = facts with { Audiences = ReadAudiences(value) };
                return !facts.Audiences.IsDefault;
            default:
                return true;
        }
    }

    // Default when it is neither a text nor a list of texts.
    private static ImmutableArray<string> ReadAudiences(Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.String)
        {
            return [value.GetString()!];
        }

        if (value.TokenType != JsonTokenType.StartArray)
        {
            return default;
        }

        var audiences = ImmutableArray.CreateBuilder<string>();
        while (value.Read() && value.TokenType == JsonTokenType.String)
        {
            audiences.Add(value.GetString()!);
        }

        return value.TokenType == JsonTokenType.EndArray ? audiences.ToImmutable() : default;
    }

    private static double? ReadTime(Utf8JsonReader value) =>
        value.TokenType == JsonTokenType.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond ? seconds : null;
}
