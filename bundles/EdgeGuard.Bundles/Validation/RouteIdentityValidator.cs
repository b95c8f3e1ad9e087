using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>What a policy demands of its callers can be met, and what it tells the upstream of them is verified.</summary>
internal sealed class RouteIdentityValidator(DocumentView document, ValidationContext context, Findings findings)
{
    // What frames or routes a message, or is itself a credential; the forwarder sets or removes these.
    private static readonly FrozenSet<string> NotForwarded = FrozenSet.ToFrozenSet(
        [
            "host", "connection", "content-length", "content-type", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "authorization",
            "cookie", "expect", "forwarded", "proxy-authorization", "proxy-connection", "traceparent", "tracestate",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly (string Word, string Source)[] Sources =
        [("jwt", "issuers"), ("api_key", "api_keys"), ("agent", "agents"), ("mtls", "client_certificates")];

    private readonly FrozenSet<string> _issuers =
        document.Root.ItemsAt("issuers").Select(issuer => issuer.TextAt("id") ?? string.Empty).ToFrozenSet(StringComparer.Ordinal);

    public void Check(PolicyView policy)
    {
        if (policy.Spec is not { } spec)
        {
            return;
        }

        var path = policy.Path + ".spec";
        var options = spec["identity_options"];
        CheckMode(spec, options, path);
        if (options is null)
        {
            return;
        }

        CheckKinds(options, path + ".identity_options");
        CheckReadKinds(policy, options);
        CheckIssuers(options, path + ".identity_options");
        foreach (var entry in options.EntriesAt("forward_headers"))
        {
            CheckHeader(entry, $"{path}.identity_options.forward_headers.{entry.Key}");
        }
    }

    private void CheckMode(Node spec, Node? options, string path)
    {
        var mode = spec.TextAt("identity");
        if (mode == "none" && options is not null)
        {
            findings.Error(
                MeaningCodes.IdentityContradicts,
                options.Location,
                path + ".identity_options",
                "identity is none, so no option of it can hold",
                "remove identity_options, or write identity: optional");
        }

        if (mode == "required" && options?["kinds"] is null && !Sources.Any(source => HasSource(source.Word)))
        {
            findings.Error(
                MeaningCodes.IdentityContradicts,
                spec["identity"]!.Location,
                path + ".identity",
                "an identity is required, and the bundle names nobody who could have one",
                "add issuers, api_keys, agents or client_certificates to the bundle");
        }
    }

    private void CheckKinds(Node options, string path)
    {
        foreach (var kind in options.ItemsAt("kinds"))
        {
            if (kind.Kind == NodeKind.String && Sources.Any(source => source.Word == kind.Text) && !HasSource(kind.Text))
            {
                var missing = Sources.First(source => source.Word == kind.Text).Source;
                var isEnough = missing == "api_keys" ? " (`api_keys: []` is enough when the keys come from the control plane)" : string.Empty;
                findings.Error(
                    MeaningCodes.CredentialWithoutSource,
                    kind.Location,
                    path + ".kinds",
                    $"{kind.Text} is accepted, and the bundle has no {missing} to verify one by",
                    $"add {missing} to the bundle{isEnough}, or leave {kind.Text} out");
            }
        }
    }

    // What a policy does not accept it must not count by: the token of a stranger next to an accepted key would choose the counter.
    private void CheckReadKinds(PolicyView policy, Node options)
    {
        if (options.ItemsAt("kinds") is not { Count: > 0 } kinds)
        {
            return;
        }

        var accepted = kinds.Select(kind => kind.Text).ToHashSet(StringComparer.Ordinal);
        var read = policy.AllRules
            .SelectMany(rule => rule.Node.ItemsAt("limit_keys").Select(key => (key.Text, Node: key))
                .Concat(rule.Node.EntriesAt("match").Select(entry => (Text: entry.Key, Node: entry.Value))))
            .Concat(options.EntriesAt("forward_headers").Select(entry => (entry.Value.Text, Node: entry.Value)));
        foreach (var (text, node) in read)
        {
            if (DescriptorCatalog.TryParse(text, out var key) && WordOf(key.Kind) is { } word && !accepted.Contains(word))
            {
                findings.Error(
                    MeaningCodes.IdentityContradicts,
                    node.Location,
                    policy.Path + ".spec",
                    $"{Quote.Text(text)} is read of a {word}, which identity_options.kinds does not accept",
                    $"add {word} to kinds, or read something else");
            }
        }
    }

    private static string? WordOf(DescriptorKind kind) => kind switch
    {
        DescriptorKind.Claim or DescriptorKind.ClaimMember => "jwt",
        DescriptorKind.KeyProperty => "api_key",
        DescriptorKind.AgentProperty => "agent",
        DescriptorKind.CertificateProperty => "mtls",
        _ => null,
    };

    private void CheckIssuers(Node options, string path)
    {
        if (options["issuers"] is { } listed && options.ItemsAt("kinds") is { Count: > 0 } kinds && kinds.All(kind => kind.Text != "jwt"))
        {
            findings.Error(
                MeaningCodes.IdentityContradicts,
                listed.Location,
                path + ".issuers",
                "issuers are named, and identity_options.kinds does not accept their tokens: neither a token nor what it is bound to is looked at",
                "add jwt to kinds, or remove issuers");
        }

        foreach (var issuer in options.ItemsAt("issuers"))
        {
            if (issuer.Kind == NodeKind.String && !_issuers.Contains(issuer.Text))
            {
                var nearest = findings.IsFull ? null : NearestName.Of(issuer.Text, _issuers);
                findings.Error(
                    MeaningCodes.IdentityContradicts,
                    issuer.Location,
                    path + ".issuers",
                    $"no issuer has the id {Quote.Text(issuer.Text)}",
                    nearest is null ? "name an issuer of this bundle, by its id" : $"did you mean {nearest}?");
            }
        }
    }

    private void CheckHeader(NodeEntry entry, string path)
    {
        var name = entry.Key.Replace('_', '-');
        if (NotForwarded.Contains(name) || name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("sec-", StringComparison.OrdinalIgnoreCase))
        {
            findings.Error(
                MeaningCodes.ForwardHeader,
                entry.Value.Location,
                path,
                $"{Quote.Text(entry.Key)} cannot carry an identity: it has a meaning of its own in HTTP",
                "use a name of your own, such as x-user-id");
        }

        if (entry.Value.Kind == NodeKind.String && DescriptorCatalog.TryParse(entry.Value.Text, out var key)
            && key.Kind is not (DescriptorKind.Claim or DescriptorKind.KeyProperty or DescriptorKind.AgentProperty or DescriptorKind.CertificateProperty))
        {
            findings.Error(
                MeaningCodes.ForwardHeader,
                entry.Value.Location,
                path,
                $"{Quote.Text(entry.Value.Text)} is not part of a verified identity",
                "forward a value of jwt:, key:, agent: or mtls:");
        }
    }

    // An empty list of API keys says that all of them come from the control plane.
    private bool HasSource(string word) =>
        document.Root[Sources.First(source => source.Word == word).Source] is { } node && (node.Kind != NodeKind.List || node.Items.Count > 0 || word == "api_key")
        || (word == "jwt" && context.JwtVerificationOff);
}
