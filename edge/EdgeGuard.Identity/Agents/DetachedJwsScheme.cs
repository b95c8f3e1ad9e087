using System.Buffers.Text;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Identity.Agents;

/// <summary>
/// A detached JWS (RFC 7515 appendix F, RFC 7797) over the body, in one header. Its protected header also says for which method and address it is,
/// and when it was made, so that it is of no use elsewhere or later.
/// </summary>
internal sealed class DetachedJwsScheme(AgentReplays replays) : IAgentScheme
{
    public const string Field = "X-JWS-Signature";

    private const int MaxLength = 8192;

    /// <inheritdoc />
    public AgentScheme Scheme => AgentScheme.DetachedJws;

    /// <inheritdoc />
    public bool IsPresentIn(IIncomingRequest request) => request.CountOf(Field) > 0;

    /// <inheritdoc />
    public async ValueTask<AgentVerdict> VerifyAsync(IIncomingRequest request, AgentSet agents, long now, CancellationToken cancellation)
    {
        if (request.CountOf(Field) != 1
            || request.FirstOf(Field) is not { Length: <= MaxLength } text
            || RequestParts.Of(request) is not { } parts
            || !TrySplit(text, out var encodedHeader, out var header, out var signature))
        {
            return AgentVerdict.Refused(AgentFailures.Malformed);
        }

        if (agents.Find(Scheme, header.KeyId) is not { Key: { } key } agent)
        {
            return AgentVerdict.Refused(AgentFailures.UnknownAgent);
        }

        if (CheckForm(header, agent, parts, now) is { } wrong)
        {
            return AgentVerdict.Refused(wrong);
        }

        // What is signed holds the body, so a signature cannot be checked before it: all that can be is, so that a body is read for what may fit alone.
        if (signature.Length != key.SignatureBytes)
        {
            return AgentVerdict.Refused(AgentFailures.BadSignature);
        }

        if (header.Id is { } id && replays.Knows(agent, id))
        {
            return AgentVerdict.Refused(AgentFailures.Replayed);
        }

        if (await request.ReadBodyAsync(ContentDigest.MaxBodyBytes, cancellation) is not { } body)
        {
            return AgentVerdict.Refused(AgentFailures.TooLarge);
        }

        var signed = SignedBytes(encodedHeader, body.Span, header.IsUnencoded);
        if (!key.Verifies(signed, signature))
        {
            return AgentVerdict.Refused(AgentFailures.BadSignature);
        }

        return replays.Check(agent, header.Id, signed, parts.Method, header.IssuedAt!.Value) is { } replayed
            ? AgentVerdict.Refused(replayed)
            : AgentVerdict.Verified(agent, header.IssuedAt!.Value);
    }

    private static bool TrySplit(string text, out string encodedHeader, out JwsHeader header, out byte[] signature)
    {
        (encodedHeader, header, signature) = (string.Empty, null!, []);
        var parts = text.Split('.');
        if (parts is not [{ Length: > 0 } first, "", { Length: > 0 } last]
            || !StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(first), out var json)
            || !StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(last), out signature)
            || JwsHeader.Read(json) is not { } read)
        {
            return false;
        }

        (encodedHeader, header) = (first, read);
        return true;
    }

    private static string? CheckForm(JwsHeader header, Agent agent, RequestParts parts, long now)
    {
        var algorithm = agent.Definition.Algorithm switch
        {
            AgentKeys.Ed25519 => "EdDSA",
            AgentKeys.P256 => "ES256",
            _ => "HS256",
        };
        if (header.Algorithm != algorithm)
        {
            return AgentFailures.Algorithm;
        }

        if (SignatureTime.Check(header.IssuedAt, header.ExpiresAt, agent.MaxAge, now) is { } wrong)
        {
            return wrong;
        }

        if (header.Method is null || header.Address is null)
        {
            return AgentFailures.NotCovered;
        }

        return header.Method == parts.Method && header.Address == parts.TargetUri ? null : AgentFailures.Component;
    }

    private static byte[] SignedBytes(string encodedHeader, ReadOnlySpan<byte> body, bool unencoded)
    {
        var payload = unencoded ? body : Base64Url.EncodeToUtf8(body);
        var signed = new byte[encodedHeader.Length + 1 + payload.Length];
        Encoding.ASCII.GetBytes(encodedHeader, signed);
        signed[encodedHeader.Length] = (byte)'.';
        payload.CopyTo(signed.AsSpan(encodedHeader.Length + 1));
        return signed;
    }
}
