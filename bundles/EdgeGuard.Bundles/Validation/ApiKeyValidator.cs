using System.Globalization;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>API keys: told apart by their digests, publishable ones tied to origins, and valid at some time.</summary>
internal static class ApiKeyValidator
{
    public static void Check(Node root, Findings findings)
    {
        var keys = root.ItemsAt("api_keys");
        var digests = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            var node = keys[i];
            var path = "api_keys[" + i.ToString(CultureInfo.InvariantCulture) + "]";
            if (node.TextAt("sha256") is { } digest && !digests.TryAdd(digest, i))
            {
                findings.Error(
                    MeaningCodes.DuplicateKeyDigest,
                    node["sha256"]!.Location,
                    path + ".sha256",
                    $"it is also the digest of api_keys[{digests[digest]}]: one key cannot be two",
                    "make a key of its own for each entry with `edgeguard key create`, or remove one of them");
            }

            CheckOrigins(node, path, findings);
            CheckTimes(node, path, findings);
            var paths = node.ItemsAt("allowed_paths");
            for (var n = 0; n < paths.Count; n++)
            {
                if (paths[n].Kind == NodeKind.String)
                {
                    PathValidator.Check(paths[n], path + ".allowed_paths[" + n.ToString(CultureInfo.InvariantCulture) + "]", findings);
                }
            }
        }
    }

    private static void CheckOrigins(Node node, string path, Findings findings)
    {
        var kind = node.TextAt("kind");
        if (kind == "publishable" && node["allowed_origins"] is null)
        {
            findings.Error(
                MeaningCodes.KeyOriginsContradict,
                node.Location,
                path,
                "a publishable key stands in web pages for everyone to read, and this one names no origin that may use it",
                "add allowed_origins: [https://app.example.com]");
        }
        else if (kind == "secret" && node["allowed_origins"] is { } list)
        {
            findings.Error(
                MeaningCodes.KeyOriginsContradict,
                list.Location,
                path + ".allowed_origins",
                "a secret key is refused from browsers, so it has no origins",
                "remove allowed_origins, or make the key publishable");
        }

        var origins = node.ItemsAt("allowed_origins");
        for (var i = 0; i < origins.Count; i++)
        {
            if (origins[i].Kind == NodeKind.String && !IsOrigin(origins[i].Text))
            {
                findings.Error(
                    MeaningCodes.OriginInvalid,
                    origins[i].Location,
                    path + ".allowed_origins[" + i.ToString(CultureInfo.InvariantCulture) + "]",
                    $"{Quote.Text(origins[i].Text)} is no origin as browsers send it",
                    "write scheme and host in lower case, and the port only when it is not the usual one: https://app.example.com");
            }
        }
    }

    private static void CheckTimes(Node node, string path, Findings findings)
    {
        if (node.TimeAt("not_before") is { } start && node.TimeAt("expires_at") is { } end && end <= start)
        {
            findings.Error(
                MeaningCodes.KeyNeverValid,
                node["expires_at"]!.Location,
                path + ".expires_at",
                $"{Quote.Value(node["expires_at"]!)} is not after not_before {Quote.Value(node["not_before"]!)}, so the key is never valid",
                "write a later time, or leave one of the two out");
        }
    }

    // As RFC 6454 section 6.2 serializes one: compared as text, so anything else could never match.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https" or "http" or "chrome-extension" or "moz-extension" or "app" or "capacitor" }
        && string.Equals(text, uri.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        && uri.UserInfo.Length == 0
        && uri.Host.Length > 0
        && text.IndexOf('*', StringComparison.Ordinal) < 0;
}
