using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Signatures;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Agents;

/// <summary>
/// A keyed hash in one header, for agents that have no library for message signatures. The bytes are eight lines joined by line feeds:
/// <c>edgeguard-hmac-v1</c>, key id, time, nonce, method, authority, request target, and the SHA-256 of the body in hexadecimal.
/// </summary>
internal sealed class HmacHeaderScheme(AgentReplays replays) : IAgentScheme
{
    public const string Field = "X-Agent-Signature";

    private const int MinNonceLength = 8;
    private const int MaxNonceLength = 128;

    /// <inheritdoc />
    public AgentScheme Scheme => AgentScheme.Hmac;

    /// <inheritdoc />
    public bool IsPresentIn(IIncomingRequest request) => request.CountOf(Field) > 0;

    /// <inheritdoc />
    public async ValueTask<AgentVerdict> VerifyAsync(IIncomingRequest request, AgentSet agents, long now, CancellationToken cancellation)
    {
        if (request.CountOf(Field) != 1
            || !StructuredFieldReader.TryReadDictionary(request.FirstOf(Field), out var members)
            || members.Count != 5
            || Text(members, "keyid") is not { } keyId
            || Text(members, "nonce") is not { Length: >= MinNonceLength and <= MaxNonceLength } nonce
            || Value(members, "created") is not { Kind: BareKind.Integer, Number: >= 0 } created
            || Value(members, "digest") is not { Kind: BareKind.Bytes, Bytes.Length: SHA256.HashSizeInBytes } digest
            || Value(members, "mac") is not { Kind: BareKind.Bytes } mac
            || RequestParts.Of(request) is not { } parts)
        {
            return AgentVerdict.Refused(AgentFailures.Malformed);
        }

        if (agents.Find(Scheme, keyId) is not { Key: { } key } agent)
        {
            return AgentVerdict.Refused(AgentFailures.UnknownAgent);
        }

        if (SignatureTime.Check(created.Number, null, agent.MaxAge, now) is { } wrong)
        {
            return AgentVerdict.Refused(wrong);
        }

        var signed = SignedBytes(keyId, created.Number, nonce, parts, digest.Bytes);
        if (!key.Verifies(signed, mac.Bytes))
        {
            return AgentVerdict.Refused(AgentFailures.BadSignature);
        }

        // The body only now: nobody who has no secret can make the edge keep one.
        if (await request.ReadBodyAsync(ContentDigest.MaxBodyBytes, cancellation) is not { } body)
        {
            return AgentVerdict.Refused(AgentFailures.TooLarge);
        }

        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(body.Span), digest.Bytes))
        {
            return AgentVerdict.Refused(AgentFailures.Digest);
        }

        return replays.Check(agent, nonce, signed, parts.Method, created.Number) is { } replayed
            ? AgentVerdict.Refused(replayed)
            : AgentVerdict.Verified(agent, created.Number);
    }

    /// <summary>What the keyed hash is over. No line can hold a line feed, so no two requests have the same bytes.</summary>
    internal static byte[] SignedBytes(string keyId, long created, string nonce, RequestParts parts, ReadOnlySpan<byte> bodyDigest) =>
        Encoding.ASCII.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"edgeguard-hmac-v1\n{keyId}\n{created}\n{nonce}\n{parts.Method}\n{parts.Authority}\n{parts.Target}\n{Convert.ToHexStringLower(bodyDigest)}"));

    private static BareItem? Value(List<KeyValuePair<string, FieldMember>> members, string name) =>
        members.Find(member => string.Equals(member.Key, name, StringComparison.Ordinal)).Value?.Item is { Parameters.Count: 0 } item ? item.Value : null;

    private static string? Text(List<KeyValuePair<string, FieldMember>> members, string name) =>
        Value(members, name) is { Kind: BareKind.Text } value ? value.Text : null;
}
