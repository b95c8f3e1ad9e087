using System.Buffers;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>What must hold between the options of an edge.</summary>
internal static class EdgeChecks
{
    private static readonly SearchValues<char> HeaderCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private const int MinDebugSecret = 16;

    public static void Run(EdgeOptions options, OptionValues values)
    {
        CheckMode(options, values);
        CheckKeys(options, values);
        CheckClusters(options, values);
        CheckDecisionDoor(options, values);
        ListenerChecks.Run(options, values);
        CheckVocabularies(options, values);
        FactHeaderChecks.Run(options.FactHeaders, values);
        CheckDebugSecret(options, values);
        if (options.HeaderPrefix.Length == 0 || options.HeaderPrefix.AsSpan().ContainsAnyExcept(HeaderCharacters))
        {
            values.Refuse(OptionsCodes.WrongType, "headers.prefix", $"`{options.HeaderPrefix}` cannot begin the name of a header",
                "use letters, digits and `-`, such as X-EdgeGuard-");
        }
    }

    private static void CheckVocabularies(EdgeOptions options, OptionValues values)
    {
        foreach (var (name, vocabulary) in options.Vocabularies.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (vocabulary.File.Length == 0)
            {
                values.Refuse(OptionsCodes.VocabularyIncomplete, $"vocabularies.{name}.file", "the vocabulary has no file", "name a .tiktoken file");
            }

            if (vocabulary.Models.IsEmpty)
            {
                values.Refuse(OptionsCodes.VocabularyIncomplete, $"vocabularies.{name}.models", "the vocabulary is for no models", "name them, such as gpt-4o*");
            }
        }
    }

    private static void CheckMode(EdgeOptions options, OptionValues values)
    {
        if (options.ControlPlaneUrl.Length > 0)
        {
            CheckConnected(options, values);
        }
        else if (options.BundleFile.Length > 0 && !options.Bundle.AcceptUnsigned && !values.IsSet("signing_key"))
        {
            values.Refuse(OptionsCodes.BundleUnverifiable, "bundle_file", "no key is configured that could verify the bundle",
                "set signing_key (EDGEGUARD_SIGNING_KEY_FILE), or say bundle.accept: [unsigned] on a machine of your own");
        }
    }

    private static void CheckConnected(EdgeOptions options, OptionValues values)
    {
        if (!options.ControlPlaneUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            values.Refuse(OptionsCodes.HttpsRequired, "control_plane_url", $"`{options.ControlPlaneUrl}` is not https",
                "the edge token travels on this connection: use an https address");
        }

        if (options.BundleFile.Length > 0)
        {
            values.Refuse(OptionsCodes.BundleAndControlPlane, "bundle_file", "bundle_file and control_plane_url exclude each other",
                "remove bundle_file to be connected, or control_plane_url to be standalone");
        }

        foreach (var key in (string[])["edge_id", "edge_token", "signing_key"])
        {
            if (!values.IsSet(key) || (key == "edge_id" && options.EdgeId.Length == 0))
            {
                values.Refuse(OptionsCodes.ConnectedIncomplete, key, "control_plane_url is set, and this option is needed with it",
                    "set what `edgeguard edge add` printed for this edge");
            }
        }
    }

    private static void CheckKeys(EdgeOptions options, OptionValues values)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in options.SigningKey?.Reveal().Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            // The parser's words never hold the key.
            if (!SigningKey.TryParse(text, out var key, out var error))
            {
                values.Refuse(OptionsCodes.WrongType, "signing_key", error, "write kid:base64url, several separated by commas; `edgeguard key new` makes one");
            }
            else if (!seen.Add(key!.Id))
            {
                values.Refuse(OptionsCodes.WrongType, "signing_key", $"two keys have the id `{key.Id}`", "keep one of them");
            }
        }
    }

    private static void CheckClusters(EdgeOptions options, OptionValues values)
    {
        foreach (var (name, cluster) in options.Clusters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            ClusterChecks.Run(name, cluster, values);
        }

        if ((options.Listen.Proxy != "off" || options.Listen.ProxyTls != "off") && !options.Clusters.ContainsKey("default"))
        {
            values.Refuse(OptionsCodes.NoDefaultCluster, "clusters.default.destinations", "the proxy has no upstream",
                "set it (--upstream http://127.0.0.1:9000), or listen.proxy: off for an edge that only decides");
        }
    }

    private static void CheckDebugSecret(EdgeOptions options, OptionValues values)
    {
        if (options.DebugSessionSecret is { } secret && secret.Reveal().Length < MinDebugSecret)
        {
            values.Refuse(OptionsCodes.OutOfRange, "debug.session_secret", $"the secret is shorter than {MinDebugSecret} characters and could be guessed",
                "make one with: openssl rand -base64 24");
        }
    }

    private static void CheckDecisionDoor(EdgeOptions options, OptionValues values)
    {
        foreach (var (key, text) in ((string, string)[])
            [("listen.decision", options.Listen.Decision), ("listen.decision_http2", options.Listen.DecisionHttp2), ("listen.decision_tls", options.Listen.DecisionTls)])
        {
            if (key == "listen.decision_tls" && options.Tls.DecisionTrustFile.Length > 0)
            {
                continue;
            }

            if (!values.IsSet("decision.shared_secret") && ListenAddress.TryParse(text, out var address) && !address!.IsLocal)
            {
                values.Refuse(OptionsCodes.DecisionSecretRequired, key, $"`{text}` can be reached from other machines without a secret",
                    "set decision.shared_secret (EDGEGUARD_DECISION__SHARED_SECRET_FILE), or listen on 127.0.0.1 or unix:/path, or have listen.decision_tls ask for certificates (decision.client_trust_file)");
            }
        }
    }
}
