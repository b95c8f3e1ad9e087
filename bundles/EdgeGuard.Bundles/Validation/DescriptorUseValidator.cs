using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Descriptors that a rule uses: each once, claims only with an issuer, addresses only where they are the client's.</summary>
internal sealed class DescriptorUseValidator(DocumentView document, ValidationContext context, Findings findings)
{
    private readonly bool _claimsUnverifiable = !context.JwtVerificationOff && document.Root.ItemsAt("issuers").Count == 0;
    private readonly HashSet<DescriptorKey> _seen = [];

    public void Check(RuleView rule)
    {
        _seen.Clear();
        var keys = rule.Node.ItemsAt("limit_keys");
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Kind == NodeKind.String && DescriptorCatalog.TryParse(keys[i].Text, out var key))
            {
                CheckUse(rule, key, keys[i].Text, keys[i], "limit_keys[" + i.ToString(CultureInfo.InvariantCulture) + "]");
            }
        }

        if (rule.IsFallback)
        {
            return; // A fallback's match is ignored.
        }

        _seen.Clear();
        foreach (var entry in rule.Node.EntriesAt("match"))
        {
            if (DescriptorCatalog.TryParse(entry.Key, out var key))
            {
                CheckUse(rule, key, entry.Key, entry.Value, "match");
            }
        }
    }

    private void CheckUse(RuleView rule, DescriptorKey key, string text, Node node, string segment)
    {
        if (!_seen.Add(key))
        {
            findings.Error(
                MeaningCodes.RepeatedDescriptor,
                node.Location,
                $"{rule.Path}.{segment}",
                $"{Quote.Text(text)} is there twice (header names have no case)",
                "remove one");
        }

        if (key.Kind == DescriptorKind.Claim && _claimsUnverifiable)
        {
            findings.Error(
                MeaningCodes.ClaimWithoutIssuer,
                node.Location,
                $"{rule.Path}.{segment}",
                $"{Quote.Text(text)} needs a verified token, and the bundle has no issuer to verify one with",
                "add the issuer to issuers; behind a gateway that has verified tokens, set jwt_verification: off in the edge's options");
        }
        else if (key.Kind == DescriptorKind.IpAddress && context.DecisionDoorWithoutTrustedProxies == true)
        {
            findings.Error(
                MeaningCodes.AddressWithoutTrustedProxies,
                node.Location,
                $"{rule.Path}.{segment}",
                "ip:address on the decision door is the gateway's address while no proxy is trusted, so everyone would share one counter",
                "list the gateway in trusted_proxies of the edge's options, or switch the decision door off");
        }
    }
}
