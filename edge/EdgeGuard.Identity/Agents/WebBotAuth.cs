using EdgeGuard.Identity.Signatures;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Agents;

/// <summary>
/// The profile for bots that publish their keys (draft-meunier-web-bot-auth-architecture, draft-meunier-http-message-signatures-directory): the tag,
/// the field that says who they are, and where their keys are.
/// </summary>
internal static class WebBotAuth
{
    /// <summary>Tag of the signature.</summary>
    public const string Tag = "web-bot-auth";

    /// <summary>Field that names the agent by the address of its directory.</summary>
    public const string AgentField = "signature-agent";

    /// <summary>Where a directory stands at its origin.</summary>
    public const string DirectoryPath = "/.well-known/http-message-signatures-directory";

    /// <summary>
    /// The address in the covered <c>Signature-Agent</c> field, or null. Later drafts have a dictionary there, of which the signature covers a member;
    /// earlier ones a string.
    /// </summary>
    public static string? AddressOf(MessageSignature signature, IIncomingRequest request)
    {
        var covered = signature.Components.FirstOrDefault(component => component.Name == AgentField);
        if (covered is null || covered.IsBinary || request.CombinedOf(AgentField) is not { } field)
        {
            return null;
        }

        if (covered.Key is null)
        {
            return StructuredFieldReader.TryReadItem(field, out var item) && item.Value.Kind == BareKind.Text ? item.Value.Text : null;
        }

        return StructuredFieldReader.TryReadDictionary(field, out var members)
            && members.Find(member => string.Equals(member.Key, covered.Key, StringComparison.Ordinal)).Value?.Item is { Value.Kind: BareKind.Text } named
                ? named.Value.Text
                : null;
    }

    /// <summary>The word of what a signature of the profile lacks, or null.</summary>
    public static string? Check(MessageSignature signature)
    {
        if (signature.Expires is null)
        {
            return AgentFailures.NoTime;
        }

        return signature.Covers("@authority") || signature.Covers("@target-uri") ? null : AgentFailures.NotCovered;
    }
}
