using System.Text.Json;

namespace EdgeGuard.Identity.Agents;

/// <summary>Protected header of a detached JWS (RFC 7515 section 4) as agents sign it. Nothing of it is verified.</summary>
internal sealed record JwsHeader
{
    private const int MaxTextLength = 4096;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public string Algorithm { get; private init; } = string.Empty;

    public string KeyId { get; private init; } = string.Empty;

    /// <summary>Whether the body is signed as it is (RFC 7797), and not as base64url.</summary>
    public bool IsUnencoded { get; private init; }

    /// <summary>Seconds since 1970, or null.</summary>
    public long? IssuedAt { get; private init; }

    /// <summary>Seconds since 1970, or null.</summary>
    public long? ExpiresAt { get; private init; }

    /// <summary>What makes it pass once only, or null.</summary>
    public string? Id { get; private init; }

    /// <summary>Method that is signed for.</summary>
    public string? Method { get; private init; }

    /// <summary>Address that is signed for, query included.</summary>
    public string? Address { get; private init; }

    /// <summary>Reads a header; null for one that is malformed, or that says something critical beside <c>b64</c>.</summary>
    public static JwsHeader? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !TryReadCritical(root, out var unencoded))
            {
                return null;
            }

            return new JwsHeader
            {
                Algorithm = Text(root, "alg") ?? string.Empty,
                KeyId = Text(root, "kid") ?? string.Empty,
                IsUnencoded = unencoded,
                IssuedAt = Seconds(root, "iat"),
                ExpiresAt = Seconds(root, "exp"),
                Id = Text(root, "jti"),
                Method = Text(root, "htm"),
                Address = Text(root, "htu"),
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    // b64 means something only when it is critical, and then it has to be there (RFC 7797 section 6).
    private static bool TryReadCritical(JsonElement root, out bool unencoded)
    {
        unencoded = false;
        var isThere = root.TryGetProperty("b64", out var b64);
        if (!root.TryGetProperty("crit", out var critical))
        {
            return !isThere;
        }

        unencoded = isThere && b64.ValueKind == JsonValueKind.False;
        return isThere
            && b64.ValueKind is JsonValueKind.True or JsonValueKind.False
            && critical.ValueKind == JsonValueKind.Array
            && critical.GetArrayLength() == 1
            && critical[0].ValueKind == JsonValueKind.String
            && critical[0].ValueEquals("b64");
    }

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value))
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException();
        return text.Length <= MaxTextLength ? text : throw new FormatException();
    }

    private static long? Seconds(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and < 1L << 40 ? seconds : throw new FormatException();
    }
}
