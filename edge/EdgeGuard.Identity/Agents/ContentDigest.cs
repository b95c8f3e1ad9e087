using System.Security.Cryptography;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Agents;

/// <summary>Compares a body with its <c>Content-Digest</c> (RFC 9530): SHA-256 and SHA-512. Other algorithms are passed over, but one of these must be there.</summary>
internal static class ContentDigest
{
    public const string Field = "content-digest";

    /// <summary>Longest body that is compared: it has to be kept until it has been.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The word of what is wrong, or null.</summary>
    public static async ValueTask<string?> CheckAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        if (request.CombinedOf(Field) is not { } field || !StructuredFieldReader.TryReadDictionary(field, out var digests) || !HasKnown(digests))
        {
            return AgentFailures.Digest;
        }

        return await request.ReadBodyAsync(MaxBodyBytes, cancellation) is { } body
            ? Fits(digests, body.Span) ? null : AgentFailures.Digest
            : AgentFailures.TooLarge;
    }

    private static bool HasKnown(List<KeyValuePair<string, FieldMember>> digests) => digests.Exists(digest => digest.Key is "sha-256" or "sha-512");

    // Every one that is known has to fit: a sender who says two things about one body says nothing.
    private static bool Fits(List<KeyValuePair<string, FieldMember>> digests, ReadOnlySpan<byte> body)
    {
        foreach (var (algorithm, member) in digests)
        {
            var actual = algorithm switch
            {
                "sha-256" => SHA256.HashData(body),
                "sha-512" => SHA512.HashData(body),
                _ => null,
            };
            if (actual is not null
                && !(member.Item is { Value.Kind: BareKind.Bytes } told && CryptographicOperations.FixedTimeEquals(actual, told.Value.Bytes)))
            {
                return false;
            }
        }

        return true;
    }
}
