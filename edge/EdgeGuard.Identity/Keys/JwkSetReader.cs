using System.Collections.Immutable;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Keys;

namespace EdgeGuard.Identity.Keys;

/// <summary>Reads a JWK set (RFC 7517 section 5). One malformed key leaves only itself out; a set without one usable key is refused as a whole.</summary>
internal static class JwkSetReader
{
    /// <summary>Largest key set read. Those of large providers have under 20 KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxKeys = 256;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads a set's text.</summary>
    public static KeySetRead Read(ReadOnlyMemory<byte> json, string issuerId)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                return Malformed(issuerId, "it has no list named keys");
            }

            return list.GetArrayLength() > MaxKeys ? Malformed(issuerId, $"it has more than {MaxKeys} keys") : ReadKeys(list, issuerId);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return Malformed(issuerId, "it is not valid JSON");
        }
    }

    private static KeySetRead ReadKeys(JsonElement list, string issuerId)
    {
        var keys = new List<VerificationKey>();
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            var place = $"key {++index} of the set";
            var read = PublicKeyReader.Read(element);
            var why = read.Why;
            if (read.Key is { } good && VerificationKey.Create(good.KeyId, good, out why) is { } key)
            {
                keys.Add(key);
            }
            else if (read.Problem == PublicKeyProblem.HoldsPrivateKey)
            {
                problems.Add(KeySetRead.Problem(
                    IdentityCodes.PrivateKeyPublished,
                    issuerId,
                    $"{place} holds a private or symmetric key: whoever can read the set could sign tokens",
                    "replace the key at the issuer now; it is not used here"));
            }
            else if (read.Problem != PublicKeyProblem.NotForUs)
            {
                problems.Add(KeySetRead.Problem(IdentityCodes.KeyNotUsable, issuerId, $"{place} is left out: {why}", "correct the key at the issuer"));
            }
        }

        // RFC 7517 section 4.5 lets keys of different types share an id.
        var ids = new HashSet<(PublicKeyKind, string)>();
        if (keys.Exists(key => key.Id is not null && !ids.Add((key.Kind, key.Id))))
        {
            return Malformed(issuerId, "two of its keys have one kid");
        }

        if (keys.Count == 0)
        {
            problems.Add(Malformed(issuerId, "it holds no key that can verify tokens").Problems[0]);
            return new KeySetRead(null, problems.ToImmutable());
        }

        return new KeySetRead(new KeySet(keys), problems.ToImmutable());
    }

    private static KeySetRead Malformed(string issuerId, string why) => KeySetRead.Failed(
        IdentityCodes.MalformedKeySet,
        issuerId,
        $"the key set cannot be used: {why}",
        "check the address or file; the keys fetched before stay in use");
}
