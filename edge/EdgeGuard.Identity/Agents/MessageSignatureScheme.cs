using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Identity.Agents;

/// <summary>
/// HTTP Message Signatures (RFC 9421). Of several signatures the first one, in the order of <c>Signature-Input</c>, that names a registered agent is
/// verified, and it alone counts.
/// </summary>
internal sealed class MessageSignatureScheme(AgentReplays replays) : IAgentScheme
{
    /// <inheritdoc />
    public AgentScheme Scheme => AgentScheme.HttpMessageSignature;

    /// <inheritdoc />
    public bool IsPresentIn(IIncomingRequest request) =>
        request.CountOf(MessageSignatureReader.InputField) > 0 || request.CountOf(MessageSignatureReader.ValueField) > 0;

    /// <inheritdoc />
    public async ValueTask<AgentVerdict> VerifyAsync(IIncomingRequest request, AgentSet agents, long now, CancellationToken cancellation)
    {
        if (request.CombinedOf(MessageSignatureReader.InputField) is not { } inputs
            || request.CombinedOf(MessageSignatureReader.ValueField) is not { } values
            || RequestParts.Of(request) is not { } parts)
        {
            return AgentVerdict.Refused(AgentFailures.Malformed);
        }

        if (MessageSignatureReader.Read(inputs, values, out var failure) is not { } signatures)
        {
            return AgentVerdict.Refused(failure);
        }

        if (Choose(signatures, agents, request) is not var (signature, agent))
        {
            return AgentVerdict.Refused(AgentFailures.UnknownAgent);
        }

        if (CheckForm(signature, agent, now) is { } wrong)
        {
            return AgentVerdict.Refused(wrong);
        }

        if (SignatureBase.Build(signature, request, parts) is not { } signed)
        {
            return AgentVerdict.Refused(AgentFailures.Component);
        }

        var (key, missing) = agent.Directory is { } directory
            ? await directory.FindAsync(signature.KeyId!, agent.Definition.Algorithm, cancellation)
            : (agent.Key, AgentFailures.UnknownKey);
        if (key is null)
        {
            return AgentVerdict.Refused(missing);
        }

        if (!key.Verifies(signed, signature.Value))
        {
            return AgentVerdict.Refused(AgentFailures.BadSignature);
        }

        // The body only now: nobody who cannot sign can make the edge keep one.
        wrong = signature.Covers(ContentDigest.Field) ? await ContentDigest.CheckAsync(request, cancellation) : null;
        wrong ??= replays.Check(agent, signature.Nonce, signed, parts.Method, signature.Created!.Value);
        return wrong is null ? AgentVerdict.Verified(agent, signature.Created!.Value) : AgentVerdict.Refused(wrong);
    }

    private static (MessageSignature Signature, Agent Agent)? Choose(IReadOnlyList<MessageSignature> signatures, AgentSet agents, IIncomingRequest request)
    {
        foreach (var signature in signatures)
        {
            if (signature.KeyId is not { } keyId)
            {
                continue;
            }

            var agent = agents.Find(AgentScheme.HttpMessageSignature, keyId);
            if (agent is null && signature.Tag == WebBotAuth.Tag && WebBotAuth.AddressOf(signature, request) is { } address)
            {
                agent = agents.FindByDirectory(address);
            }

            if (agent is not null)
            {
                return (signature, agent);
            }
        }

        return null;
    }

    // What costs nothing comes before what costs a signature.
    private static string? CheckForm(MessageSignature signature, Agent agent, long now)
    {
        if (signature.Algorithm is { } named && named != agent.Definition.Algorithm)
        {
            return AgentFailures.Algorithm;
        }

        if (agent.Directory is not null && WebBotAuth.Check(signature) is { } lacking)
        {
            return lacking;
        }

        return SignatureTime.Check(signature.Created, signature.Expires, agent.MaxAge, now)
            ?? (Coverage.IsComplete(signature, agent.Required) ? null : AgentFailures.NotCovered);
    }
}
