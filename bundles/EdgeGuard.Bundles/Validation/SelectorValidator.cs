using System.Globalization;
using System.Net;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Where a policy applies: paths that can match, hosts that exist once, a cluster that is there.</summary>
internal static class SelectorValidator
{
    public static void Check(PolicyView policy, ValidationContext context, Findings findings)
    {
        if (policy.Selector is { Kind: NodeKind.Map } selector)
        {
            var exact = selector["pathExact"] ?? selector["path_exact"];
            var prefix = selector["pathPrefix"] ?? selector["path_prefix"];
            if (exact is not null && prefix is not null)
            {
                findings.Error(
                    MeaningCodes.TwoPathSelectors,
                    selector.Location,
                    policy.Path + ".spec.selector",
                    "pathExact and pathPrefix are both given, which some read as \"both\" and others as \"either\"",
                    "keep one; write a second policy for the other");
            }

            CheckPath(exact, policy.Path + ".spec.selector.pathExact", findings);
            CheckPath(prefix, policy.Path + ".spec.selector.pathPrefix", findings);
            CheckHosts(selector.ItemsAt("hosts"), policy.Path + ".spec.selector.hosts", findings);
        }

        if (context.Clusters is { } clusters && policy.Spec?.TextAt("cluster") is { } cluster && !clusters.Contains(cluster))
        {
            var nearest = NearestName.Of(cluster, clusters);
            findings.Error(
                MeaningCodes.UnknownCluster,
                policy.Spec["cluster"]!.Location,
                policy.Path + ".spec.cluster",
                $"{Quote.Text(cluster)} is not a cluster of the edge's options",
                nearest is not null ? $"did you mean {nearest}?" : "add it to clusters in the options, or name one that is there");
        }
    }

    private static void CheckPath(Node? node, string path, Findings findings)
    {
        if (node is { Kind: NodeKind.String })
        {
            PathValidator.Check(node, path, findings);
        }
    }

    private static void CheckHosts(IReadOnlyList<Node> hosts, string path, Findings findings)
    {
        HashSet<string>? seen = null;
        for (var i = 0; i < hosts.Count; i++)
        {
            var text = hosts[i].Text;
            seen ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var place = path + "[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            if (text.StartsWith('[') && !(text.EndsWith(']') && IPAddress.TryParse(text.AsSpan(1, text.Length - 2), out _)))
            {
                findings.Error(MeaningCodes.HostInvalid, hosts[i].Location, place, $"{Quote.Text(text)} is no IPv6 address", "write [2001:db8::7]");
            }
            else if (!seen.Add(text))
            {
                findings.Error(MeaningCodes.HostInvalid, hosts[i].Location, place, $"{Quote.Text(text)} is in the list twice (hosts have no case)", "remove one");
            }
        }
    }
}
