using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>
/// Configurations for gateways that cannot be had here, held to the schemas that their makers publish: restated in <c>Shapes</c>, each with its version and source.
/// </summary>
public sealed class GatewayShapeTests
{
    private static readonly NodePeer Envoy = new("EDGEGUARD_TEST_GRPC", "tests", "EdgeGuard.Conformance.Tests", "Gateways", "envoy-shape.cjs");

    public static TheoryData<string, string> Files => new()
    {
        { "traefik/traefik.yaml", "traefik.yaml.json" },
        { "traefik/edgeguard.yaml", "traefik-dynamic.json" },
        { "apisix/config.yaml", "apisix-config.json" },
        { "apisix/apisix.yaml", "apisix.json" },
        { "kong/kong.yaml", "kong.json" },
        { "istio/mesh-config.yaml", "istio.json" },
        { "istio/edgeguard.yaml", "istio.json" },
        { "istio/rate-limits.yaml", "istio.json" },
        { "gateway-api/proxy.yaml", "gateway-api.json" },
        { "gateway-api/external-auth.yaml", "gateway-api.json" },
    };

    public static TheoryData<string> EnvoyFiles => ["envoy/envoy.yaml", "istio/rate-limits.yaml"];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfAGateway_IsAsItsPublishedSchemaSays(string file, string schema)
    {
        var shape = Schema(schema);

        Assert.All(Documents(file), document => Assert.Empty(ShapeCheck.Problems(shape, document)));
    }

    /// <summary>Each name in each file, misspelt: the schemas would not hold what they are for if they let that pass.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void File_WithAMisspeltName_IsFound(string file, string schema)
    {
        var shape = Schema(schema);
        var documents = Documents(file);
        for (var i = 0; i < documents.Count; i++)
        {
            foreach (var path in ClosedNames(documents[i], file))
            {
                var broken = Documents(file)[i];
                Misspell(broken, path);

                Assert.True(ShapeCheck.Problems(shape, broken).Count > 0, $"{file}: nobody misses {string.Join('.', path)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(EnvoyFiles))]
    public async Task File_ForEnvoy_IsAsItsOwnDefinitionsSay(string file)
    {
        Assert.SkipUnless(Envoy.Obstacle.Length == 0, Envoy.Obstacle);
        var documents = new JsonArray([.. Documents(file)]);
        var problems = (await Envoy.AskAsync(new JsonObject { ["documents"] = documents }))["problems"]!.AsArray();

        Assert.Empty(problems.Select(problem => (string)problem!));
    }

    [Fact]
    public async Task File_ForEnvoy_WithAMistake_IsFound()
    {
        Assert.SkipUnless(Envoy.Obstacle.Length == 0, Envoy.Obstacle);
        (string From, string To, string Problem)[] mistakes =
        [
            ("failure_mode_allow", "failure_mode_allowed", "unknown"),
            ("transport_api_version: V3", "transport_api_version: V4", "no value of the enumeration"),
            ("timeout: 5s", "timeout: 5", "no duration"),
            ("ext_authz.v3.ExtAuthz", "ext_authz.v3.ExtAuthorization", "no such type"),
            ("port_value: 8082", "port_value: high", "no number"),
            ("failure_mode_allow: false", "failure_mode_allow: 1", "no truth value"),
            ("{cluster: application}", "{cluster: application, cluster_header: x}", "more than one of cluster_specifier"),
        ];
        using var folder = new TempFolder();
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("deploy", "gateways", "envoy", "envoy.yaml"));
        var documents = new JsonArray();
        foreach (var (from, to, _) in mistakes)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            folder.Write("envoy.yaml", text.Replace(from, to, StringComparison.Ordinal));
            documents.Add(YamlJson.Read(folder.Combine("envoy.yaml"))[0]);
        }

        var problems = (await Envoy.AskAsync(new JsonObject { ["documents"] = documents }))["problems"]!.AsArray().Select(problem => (string)problem!).ToArray();
        for (var i = 0; i < mistakes.Length; i++)
        {
            Assert.Contains(problems, problem => problem.StartsWith($"{i}: ", StringComparison.Ordinal) && problem.Contains(mistakes[i].Problem, StringComparison.Ordinal));
        }
    }

    private static JsonObject Schema(string name) =>
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("tests", "EdgeGuard.Conformance.Tests", "Gateways", "Shapes", name)))!.AsObject();

    private static List<JsonObject> Documents(string file) => YamlJson.Read(RepositoryRoot.Combine(["deploy", "gateways", .. file.Split('/')]));

    // Names of routers, labels and hosts are whatever their user likes, and Envoy's own configuration is looked at elsewhere.
    private static IEnumerable<string[]> ClosedNames(JsonObject document, string file)
    {
        string[] open = ["routers", "middlewares", "services", "entryPoints", "nodes", "labels", "matchLabels", "customRequestHeaders"];
        IEnumerable<string[]> Names(JsonNode? node, string[] path)
        {
            if (node is JsonArray list)
            {
                return list.SelectMany((item, index) => Names(item, [.. path, index.ToString(System.Globalization.CultureInfo.InvariantCulture)]));
            }

            if (node is not JsonObject fields || path is [.., "value"])
            {
                return [];
            }

            var isOpen = path.Length > 0 && open.Contains(path[^1]) || path is ["spec", "selector"] && file.EndsWith("edgeguard.yaml", StringComparison.Ordinal)
                || path is ["spec", "selector"] && file.StartsWith("gateway-api", StringComparison.Ordinal);
            return fields.SelectMany(field => (isOpen ? [] : new[] { path.Append(field.Key).ToArray() }).Concat(Names(field.Value, [.. path, field.Key])));
        }

        return Names(document, []).Where(path => path is not ["apiVersion"] and not ["kind"]);
    }

    private static void Misspell(JsonNode document, string[] path)
    {
        var node = document;
        foreach (var step in path[..^1])
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        var fields = node.AsObject();
        var value = fields[path[^1]];
        fields.Remove(path[^1]);
        fields.Add(path[^1] + "x", value);
    }
}
