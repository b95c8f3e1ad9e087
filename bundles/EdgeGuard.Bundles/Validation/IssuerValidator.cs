using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Issuers: told apart, with exactly one source of keys, fetched only from where the options allow.</summary>
internal static class IssuerValidator
{
    private static readonly string[] KeySources = ["jwks_url", "jwks_file", "discovery_url", "keys"];

    public static void Check(Node root, ValidationContext context, Findings findings)
    {
        var issuers = root.ItemsAt("issuers");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < issuers.Count; i++)
        {
            var node = issuers[i];
            var path = "issuers[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            CheckUnique(node, "id", path, ids, findings);
            CheckUnique(node, "issuer", path, names, findings);
            var sources = KeySources.Where(source => node[source] is not null).ToList();
            if (node.Kind == NodeKind.Map && sources.Count != 1)
            {
                findings.Error(
                    MeaningCodes.IssuerKeySource,
                    node.Location,
                    path,
                    sources.Count == 0 ? "the issuer has no source of keys" : $"the issuer has {sources.Count} sources of keys: {string.Join(", ", sources)}",
                    "write exactly one of jwks_url, jwks_file, discovery_url and keys");
            }

            CheckUrl(node, "jwks_url", path, context, findings);
            CheckUrl(node, "discovery_url", path, context, findings);
            CheckFile(node, path, context, findings);
            CheckKeys(node, path, findings);
            CheckTimes(node, path, findings);
        }

        if (root["client_certificates"] is { Kind: NodeKind.Map } certificates)
        {
            CheckFile(certificates, "trust_file", "client_certificates", context, findings);
        }
    }

    private static void CheckKeys(Node node, string path, Findings findings)
    {
        var algorithms = node.ItemsAt("algorithms").Where(item => item.Kind == NodeKind.String).Select(item => item.Text).ToHashSet(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var keys = node.ItemsAt("keys");
        for (var i = 0; i < keys.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}.keys[{i}]");
            if (keys[i].TextAt("kid") is { } id && !ids.Add(id))
            {
                findings.Error(
                    MeaningCodes.PublicKeyInvalid, keys[i]["kid"]!.Location, place + ".kid", $"{Quote.Text(id)} is the kid of two keys", "give each its own kid");
            }

            if (keys[i]["public_key"] is { Kind: NodeKind.String } text
                && PublicKeyCheck.Check(text, place + ".public_key", findings) is { } key
                && algorithms.Count > 0
                && !key.Algorithms.Any(algorithms.Contains))
            {
                findings.Error(
                    MeaningCodes.PublicKeyInvalid,
                    text.Location,
                    place + ".public_key",
                    $"the key verifies {string.Join(" ", key.Algorithms)} only, and the issuer accepts none of them",
                    "add the algorithm of the key to algorithms, or take the key out");
            }
        }
    }

    private static void CheckTimes(Node node, string path, Findings findings)
    {
        if (node.DurationAt("max_age") is { } age && node.DurationAt("max_lifetime") is { } lifetime && age > lifetime + Default(node, "clock_skew", 30))
        {
            findings.Error(
                MeaningCodes.IssuerTimesContradict,
                node["max_age"]!.Location,
                path + ".max_age",
                "no token becomes as old as max_age, because max_lifetime ends it before",
                "write a max_age below max_lifetime, or leave it out");
        }

        var isFetched = node["jwks_url"] is not null || node["discovery_url"] is not null;

        // Equal is too short as well: the next fetch begins when the last one has ended, and takes time itself.
        if (isFetched && Default(node, "stale_if_error", 24 * 60 * 60) <= Default(node, "refresh", 300))
        {
            var field = node["stale_if_error"] is null ? "refresh" : "stale_if_error";
            findings.Error(
                MeaningCodes.IssuerTimesContradict,
                node[field]!.Location,
                $"{path}.{field}",
                "keys would be too old for use before they are fetched again",
                "write a stale_if_error above refresh, hours rather than minutes: it is how long an outage of the issuer is borne");
        }
    }

    private static TimeSpan Default(Node node, string field, int seconds) => node.DurationAt(field) ?? TimeSpan.FromSeconds(seconds);

    private static void CheckUnique(Node node, string field, string path, HashSet<string> seen, Findings findings)
    {
        if (node.TextAt(field) is { } value && !seen.Add(value))
        {
            findings.Error(
                MeaningCodes.DuplicateIssuer,
                node[field]!.Location,
                $"{path}.{field}",
                $"{Quote.Text(value)} is the {field} of two issuers",
                field == "id" ? "give each its own id" : "put both audiences and algorithms into one issuer");
        }
    }

    private static void CheckUrl(Node node, string field, string path, ValidationContext context, Findings findings)
    {
        if (node.TextAt(field) is not { } url || SecretReferences.Contains(url))
        {
            return; // A reference is resolved, and then checked, at the edge.
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            findings.Error(
                MeaningCodes.FetchHostNotAllowed, node[field]!.Location, $"{path}.{field}", $"{Quote.Text(url)} is no address", "write https://host/path");
        }
        else if (context.FetchHosts is { } hosts && !hosts.Contains(parsed.Host) && !hosts.Contains(parsed.Authority))
        {
            findings.Error(
                MeaningCodes.FetchHostNotAllowed,
                node[field]!.Location,
                $"{path}.{field}",
                $"keys may not be fetched from {Quote.Text(parsed.Authority)}",
                "add the host to fetch.allowed_hosts in the edge's options");
        }
    }

    private static void CheckFile(Node node, string path, ValidationContext context, Findings findings) =>
        CheckFile(node, "jwks_file", path, context, findings);

    private static void CheckFile(Node node, string field, string path, ValidationContext context, Findings findings)
    {
        if (node.TextAt(field) is { } file && context.ReferenceFiles is { } prefixes && !SecretReferences.IsListedFile(file, prefixes))
        {
            findings.Error(
                SecretCodes.ReferenceNotListed,
                node[field]!.Location,
                $"{path}.{field}",
                $"{Quote.Text(file)} is not below a path that bundles may name",
                "add its folder to references.files in the edge's options");
        }
    }
}
