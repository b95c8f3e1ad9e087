using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>
/// Descriptors that a policy uses: each once in a list, claims only with an issuer, addresses only where they are the client's, and what
/// grants something only from whom the client cannot speak for.
/// </summary>
internal sealed class DescriptorUseValidator(DocumentView document, ValidationContext context, Findings findings)
{
    private readonly bool _claimsUnverifiable = !context.JwtVerificationOff && document.Root.ItemsAt("issuers").Count == 0;
    private readonly HashSet<DescriptorKey> _seen = [];

    public void Check(RuleView rule)
    {
        CheckKeys(rule.Node, rule.Path);
        CheckOne(rule.Node["enforcement"], "by", rule.Path + ".enforcement");
        CheckGrant(rule.Node["tiers"], "by", rule.Path + ".tiers");
        CheckGrant(rule.Node["tiers"], "for", rule.Path + ".tiers");
        CheckHint(rule);
        var levels = rule.Config?.ItemsAt("levels") ?? [];
        for (var i = 0; i < levels.Count; i++)
        {
            CheckKeys(levels[i], rule.Path + ".algorithm_config.levels[" + i.ToString(CultureInfo.InvariantCulture) + "]");
        }

        if (!rule.IsFallback) // A fallback's match is ignored.
        {
            CheckMatch(rule);
        }
    }

    /// <summary>What the protection of a whole policy reads.</summary>
    public void Check(PolicyView policy)
    {
        CheckGrant(policy.Spec?["adaptive_concurrency"]?["priority"], "by", policy.Path + ".spec.adaptive_concurrency.priority");
        var headers = policy.Spec?["identity_options"]?["forward_headers"];
        foreach (var entry in headers?.Entries ?? [])
        {
            CheckOne(headers, entry.Key, policy.Path + ".spec.identity_options.forward_headers");
        }

        if (policy.Spec?.TextAt("identity") == "none")
        {
            CheckNoneRead(policy);
        }
    }

    // identity: none looks at no credential, so a rule that reads one would never apply.
    private void CheckNoneRead(PolicyView policy)
    {
        foreach (var rule in policy.AllRules)
        {
            var keys = rule.Node.ItemsAt("limit_keys").Select(key => (key.Text, Node: key))
                .Concat(rule.Node.EntriesAt("match").Select(entry => (Text: entry.Key, Node: entry.Value)));
            foreach (var (text, node) in keys)
            {
                if (DescriptorCatalog.TryParse(text, out var key) && IsOfCaller(key.Kind))
                {
                    findings.Error(
                        MeaningCodes.IdentityContradicts,
                        node.Location,
                        rule.Path,
                        $"{Quote.Text(text)} is part of an identity, and the policy says identity: none",
                        "write identity: optional or required, or count by something else");
                }
            }
        }
    }

    private static bool IsOfCaller(DescriptorKind kind) => kind
        is DescriptorKind.Claim or DescriptorKind.ClaimMember or DescriptorKind.KeyProperty or DescriptorKind.AgentProperty or DescriptorKind.CertificateProperty;

    private void CheckKeys(Node owner, string path)
    {
        _seen.Clear();
        var keys = owner.ItemsAt("limit_keys");
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Kind == NodeKind.String && DescriptorCatalog.TryParse(keys[i].Text, out var key))
            {
                var place = path + ".limit_keys[" + i.ToString(CultureInfo.InvariantCulture) + "]";
                CheckUse(key, keys[i].Text, keys[i], place);
                CheckIsValue(key, keys[i], place);
            }
        }
    }

    private void CheckMatch(RuleView rule)
    {
        _seen.Clear();
        foreach (var entry in rule.Node.EntriesAt("match"))
        {
            if (DescriptorCatalog.TryParse(entry.Key, out var key))
            {
                CheckUse(key, entry.Key, entry.Value, rule.Path + ".match");
            }
        }
    }

    private DescriptorKey? CheckOne(Node? owner, string field, string path)
    {
        if (owner?[field] is not { Kind: NodeKind.String } node || !DescriptorCatalog.TryParse(node.Text, out var key))
        {
            return null;
        }

        _seen.Clear();
        CheckUse(key, node.Text, node, $"{path}.{field}");
        CheckIsValue(key, node, $"{path}.{field}");
        return key;
    }

    private void CheckGrant(Node? owner, string field, string path)
    {
        if (CheckOne(owner, field, path) is not { } key)
        {
            return;
        }

        var node = owner![field]!;
        if (key.Kind is DescriptorKind.Query or DescriptorKind.Cookie or DescriptorKind.UaBot or DescriptorKind.UaBotCategory)
        {
            findings.Error(
                MeaningCodes.DescriptorNotTrusted,
                node.Location,
                $"{path}.{field}",
                $"{Quote.Text(node.Text)} is what the client sends, and here it would choose its own plan or class",
                "use a verified claim (jwt:<claim>), or header:<name> as a trusted proxy sets it");
        }
        else if (key.Kind == DescriptorKind.Header && context.WithoutTrustedProxies == true)
        {
            findings.Warning(
                MeaningCodes.AddressWithoutTrustedProxies,
                node.Location,
                $"{path}.{field}",
                $"{Quote.Text(node.Text)} counts here from trusted proxies only, and no proxy is trusted, so the default holds for everyone",
                "list the gateway in trusted_proxies of the edge's options, or use a verified claim");
        }
    }

    private void CheckHint(RuleView rule)
    {
        if (context.WithoutTrustedProxies == true && rule.Config?["token_source"] is { Kind: NodeKind.Map } source && source.TextAt("estimator") == "header_hint")
        {
            findings.Warning(
                MeaningCodes.AddressWithoutTrustedProxies,
                source["estimator"]!.Location,
                rule.Path + ".algorithm_config.token_source.estimator",
                "the hint counts from trusted proxies only, and no proxy is trusted, so every prompt is estimated by its bytes",
                "list the proxy in trusted_proxies of the edge's options, or use simple_word or calibrated");
        }
    }

    private void CheckUse(DescriptorKey key, string text, Node node, string path)
    {
        if (!_seen.Add(key))
        {
            findings.Error(
                MeaningCodes.RepeatedDescriptor, node.Location, path, $"{Quote.Text(text)} is there twice (header names have no case)", "remove one");
        }

        CheckSource(key, text, node, path);
        if (key.Kind is DescriptorKind.Claim or DescriptorKind.ClaimMember && _claimsUnverifiable)
        {
            findings.Error(
                MeaningCodes.ClaimWithoutIssuer,
                node.Location,
                path,
                $"{Quote.Text(text)} needs a verified token, and the bundle has no issuer to verify one with",
                "add the issuer to issuers; behind a gateway that has verified tokens, set jwt_verification: off in the edge's options");
        }
        else if (context.DecisionDoorWithoutTrustedProxies == true && IsOfAddress(key.Kind))
        {
            findings.Error(
                MeaningCodes.AddressWithoutTrustedProxies,
                node.Location,
                path,
                $"{text} on the decision door is the gateway's while no proxy is trusted, so everyone would share one counter",
                "list the gateway in trusted_proxies of the edge's options, or switch the decision door off");
        }
    }

    private void CheckIsValue(DescriptorKey key, Node node, string path)
    {
        if (key.Kind == DescriptorKind.ClaimMember)
        {
            findings.Error(
                MeaningCodes.MembershipOutsideMatch,
                node.Location,
                path,
                $"{Quote.Text(node.Text)} asks whether a list holds something, and has no value of its own",
                "use it in match, as jwt:roles[*]: admin, and count by a claim with one value");
        }
    }

    private void CheckSource(DescriptorKey key, string text, Node node, string path)
    {
        var (source, name) = key.Kind switch
        {
            DescriptorKind.KeyProperty => ("api_keys", "API key"),
            DescriptorKind.AgentProperty => ("agents", "agent"),
            DescriptorKind.CertificateProperty => ("client_certificates", "client certificate"),
            _ => (string.Empty, string.Empty),
        };
        if (source.Length > 0 && document.Root[source] is null)
        {
            findings.Error(
                MeaningCodes.CredentialWithoutSource,
                node.Location,
                path,
                $"{Quote.Text(text)} needs a verified {name}, and the bundle has no {source}",
                source == "api_keys"
                    ? "add api_keys to the bundle (`api_keys: []` is enough when the keys come from the control plane), or count by something else"
                    : $"add {source} to the bundle, or count by something else");
        }
    }

    private static bool IsOfAddress(DescriptorKind kind) => kind
        is DescriptorKind.IpAddress or DescriptorKind.IpCountry or DescriptorKind.IpAsn or DescriptorKind.IpType or DescriptorKind.IpTor;
}
