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
                    "write exactly one of jwks_url and jwks_file");
            }

            CheckUrl(node, path, context, findings);
            CheckFile(node, path, context, findings);
        }

        if (root["client_certificates"] is { Kind: NodeKind.Map } certificates)
        {
            CheckFile(certificates, "trust_file", "client_certificates", context, findings);
        }
    }

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

    private static void CheckUrl(Node node, string path, ValidationContext context, Findings findings)
    {
        if (node.TextAt("jwks_url") is not { } url || SecretReferences.Contains(url))
        {
            return; // A reference is resolved, and then checked, at the edge.
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            findings.Error(
                MeaningCodes.FetchHostNotAllowed, node["jwks_url"]!.Location, path + ".jwks_url", $"{Quote.Text(url)} is no address", "write https://host/path");
        }
        else if (context.FetchHosts is { } hosts && !hosts.Contains(parsed.Host) && !hosts.Contains(parsed.Authority))
        {
            findings.Error(
                MeaningCodes.FetchHostNotAllowed,
                node["jwks_url"]!.Location,
                path + ".jwks_url",
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
