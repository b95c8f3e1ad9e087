using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Registered agents: exactly one source of a key that fits the algorithm, and something that a signature can cover.</summary>
internal static partial class AgentValidator
{
    private const string Hmac = "hmac-sha256";
    private const string Message = "http_message_signature";
    private const string DirectoryPath = "/.well-known/http-message-signatures-directory";

    private static readonly string[] KeySources = ["public_key", "key_directory", "secret"];

    public static void Check(Node root, ValidationContext context, Findings findings)
    {
        var agents = root.ItemsAt("agents");
        for (var i = 0; i < agents.Count; i++)
        {
            if (agents[i].Kind == NodeKind.Map)
            {
                Check(agents[i], "agents[" + i.ToString(CultureInfo.InvariantCulture) + "]", context, findings);
            }
        }
    }

    private static void Check(Node node, string path, ValidationContext context, Findings findings)
    {
        var sources = KeySources.Where(source => node[source] is not null).ToList();
        if (sources.Count != 1)
        {
            findings.Error(
                MeaningCodes.AgentKeySource,
                node.Location,
                path,
                sources.Count == 0 ? "the agent has no key" : $"the agent has {sources.Count} sources of keys: {string.Join(", ", sources)}",
                "write exactly one of public_key, key_directory and secret");
        }

        CheckAlgorithm(node, path, findings);
        CheckPublicKey(node, path, findings);
        CheckDirectory(node, path, context, findings);
        CheckComponents(node, path, findings);
    }

    private static void CheckAlgorithm(Node node, string path, Findings findings)
    {
        var algorithm = node.TextAt("algorithm");
        var isHmac = algorithm == Hmac;
        string? wrong = null;
        if (node.TextAt("scheme") == "hmac" && !isHmac)
        {
            wrong = $"the scheme hmac goes with {Hmac} only";
        }
        else if (isHmac && (node["public_key"] ?? node["key_directory"]) is not null)
        {
            wrong = $"{Hmac} needs a secret, and none that others can read";
        }
        else if (!isHmac && node["secret"] is not null)
        {
            wrong = $"a secret goes with {Hmac} only";
        }

        if (wrong is not null && algorithm is not null)
        {
            findings.Error(
                MeaningCodes.AgentAlgorithm, node["algorithm"]!.Location, path + ".algorithm", wrong, "choose the algorithm that the agent's key is made for");
        }
    }

    private static void CheckPublicKey(Node node, string path, Findings findings)
    {
        if (node.TextAt("public_key") is not { } text)
        {
            return;
        }

        var read = PublicKeyReader.Read(text);
        if (read.Key is null)
        {
            findings.Error(
                MeaningCodes.AgentKeyUnusable,
                node["public_key"]!.Location,
                path + ".public_key",
                $"the public key is not used: {read.Why}",
                read.Problem == PublicKeyProblem.HoldsPrivateKey
                    ? "replace the key now, because whoever read this bundle can sign with it, and write only the new public key"
                    : "write the public key as PEM (BEGIN PUBLIC KEY) or as one JWK");
            return;
        }

        var fitting = read.Key.Kind switch
        {
            PublicKeyKind.Ed25519 => "ed25519",
            PublicKeyKind.EcP256 => "ecdsa-p256-sha256",
            _ => null,
        };
        if (fitting is null)
        {
            findings.Error(
                MeaningCodes.AgentKeyUnusable,
                node["public_key"]!.Location,
                path + ".public_key",
                "the public key is neither Ed25519 nor on P-256",
                "make an Ed25519 key for the agent");
        }
        else if (node.TextAt("algorithm") is { } algorithm && algorithm != fitting && algorithm != Hmac)
        {
            findings.Error(
                MeaningCodes.AgentAlgorithm,
                node["algorithm"]!.Location,
                path + ".algorithm",
                $"{Quote.Text(algorithm)} does not fit the public key",
                $"write {fitting}, or the key that {algorithm} is for");
        }
    }

    private static void CheckDirectory(Node node, string path, ValidationContext context, Findings findings)
    {
        if (node.TextAt("key_directory") is not { } address)
        {
            return;
        }

        var place = node["key_directory"]!.Location;
        if (node.TextAt("scheme") is { } scheme && scheme != Message)
        {
            findings.Error(
                MeaningCodes.KeyDirectory, place, path + ".key_directory", "key directories belong to HTTP message signatures", $"write scheme: {Message}, or public_key");
        }

        if (SecretReferences.Contains(address))
        {
            return; // Resolved, and then checked, at the edge.
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || parsed.AbsolutePath != DirectoryPath || parsed.Query.Length > 0 || parsed.Fragment.Length > 0)
        {
            findings.Error(
                MeaningCodes.KeyDirectory, place, path + ".key_directory", $"{Quote.Text(address)} is no key directory", $"write https://host{DirectoryPath}");
        }
        else if (context.FetchHosts is { } hosts && !hosts.Contains(parsed.Host) && !hosts.Contains(parsed.Authority))
        {
            findings.Error(
                MeaningCodes.FetchHostNotAllowed,
                place,
                path + ".key_directory",
                $"keys may not be fetched from {Quote.Text(parsed.Authority)}",
                "add the host to fetch.allowed_hosts in the edge's options");
        }
    }

    private static void CheckComponents(Node node, string path, Findings findings)
    {
        if (node["required_components"] is not { } list)
        {
            return;
        }

        if (node.TextAt("scheme") is { } scheme && scheme != Message)
        {
            findings.Error(
                MeaningCodes.AgentComponents,
                list.Location,
                path + ".required_components",
                $"the scheme {scheme} always covers method, address and body",
                $"leave required_components away, or write scheme: {Message}");
            return;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (item.Kind == NodeKind.String && !Component().IsMatch(item.Text))
            {
                findings.Error(
                    MeaningCodes.AgentComponents,
                    item.Location,
                    string.Create(CultureInfo.InvariantCulture, $"{path}.required_components[{i}]"),
                    $"{Quote.Text(item.Text)} is no component of a request",
                    "write a field name in lower case, or one of @method @authority @scheme @target-uri @request-target @path @query @query-param;name=\"x\"");
            }
        }
    }

    [GeneratedRegex(
        """^(@(method|target-uri|authority|scheme|request-target|path|query)|@query-param;name="[A-Za-z0-9*._%-]+"|[a-z0-9!#$%&'*+.^_`|~-]+(;key="[a-z*][a-z0-9_.*-]*")?)$""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        250)]
    private static partial Regex Component();
}
