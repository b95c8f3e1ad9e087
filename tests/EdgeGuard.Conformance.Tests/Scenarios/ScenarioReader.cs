using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Conformance.Tests.Cases;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>Reads files of scenarios; a field that is not known is an error, as in a bundle.</summary>
internal static class ScenarioReader
{
    private static readonly Door[] AllDoors = [Door.Engine, Door.Proxy, Door.Decision];

    /// <summary>All scenarios of the suite.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. Suite.ScenarioFiles.SelectMany(Read)];

    public static IEnumerable<Scenario> Read(string file)
    {
        var read = NodeReader.Read(Suite.Read(file), file, ReadLimits.Bundle);
        Assert.Empty(read.Diagnostics.Select(Bundles.Diagnostics.DiagnosticFormatter.Format));
        var root = read.Root!;
        Check(root, file, "format", "bundles", "cases");
        Assert.Equal("edgeguard-conformance/v1", root.TextAt("format"));
        foreach (var node in root.ItemsAt("cases"))
        {
            Check(node, file, "name", "doors", "why", "trusted_proxy", "start", "steps");
            yield return new Scenario(
                file,
                node.TextAt("name")!,
                node["doors"] is { } doors ? DoorExceptions.ReadDoors(doors) : AllDoors,
                node.TextAt("why"),
                node.FlagAt("trusted_proxy") ?? true,
                node.TimeAt("start") ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                [.. node.ItemsAt("steps").Select(step => ReadStep(step, root["bundles"], file))]);
        }
    }

    private static ScenarioStep ReadStep(Node node, Node? bundles, string file)
    {
        Check(node, file, "after", "times", "load", "signature", "request", "expect");
        var expect = node["expect"] ?? Node.OfMap([], node.Location);
        Check(
            expect, file, "refused", "verdict", "reason", "policy", "rule", "remaining", "retry_after", "shadow_reject", "delay_ms", "status", "missing",
            "disagreements", "headers", "absent_headers");
        return new ScenarioStep
        {
            After = node.DurationAt("after") ?? TimeSpan.Zero,
            Times = (int)(node.NumberAt("times") ?? 1),
            Load = node.TextAt("load") is { } name ? Encoding.UTF8.GetBytes(bundles!.TextAt(name)!) : null,
            Signature = node.TextAt("signature"),
            Refused = [.. expect.ItemsAt("refused").Select(item => item.Text)],
            Request = node["request"] is { } request ? ReadRequest(request, file) : null,
            Expect = expect.TextAt("verdict") is null ? null : TestBinder.BindExpectation(expect),
            Status = (int?)expect.NumberAt("status"),
            Missing = (int?)expect.NumberAt("missing"),
            Disagreements = (int?)expect.NumberAt("disagreements"),
            Headers = [.. expect.EntriesAt("headers").Select(entry => new KeyValuePair<string, string>(entry.Key, entry.Value.Text))],
            AbsentHeaders = [.. expect.ItemsAt("absent_headers").Select(item => item.Text)],
        };
    }

    private static ScenarioRequest ReadRequest(Node node, string file)
    {
        Check(node, file, "method", "host", "path", "headers", "many_headers", "claims", "token", "ip", "body", "facts", "omit");
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        for (var i = 0; i < (node.NumberAt("many_headers") ?? 0); i++)
        {
            headers.Add(new KeyValuePair<string, string>("x-filler-" + i.ToString(CultureInfo.InvariantCulture), "x"));
        }

        foreach (var pair in node.ItemsAt("headers"))
        {
            headers.Add(new KeyValuePair<string, string>(pair.Items[0].Text, ValueOf(pair.Items[1])));
        }

        var plain = TestBinder.BindRequest(Without(node)) with { Headers = headers.ToImmutable() };
        var claims = node["claims"] is { } given ? (JsonObject)ToJson(given)! : null;
        if (claims is not null)
        {
            plain = plain with { Claims = [.. claims.Where(claim => claim.Value is JsonValue).Select(claim => new KeyValuePair<string, string>(claim.Key, claim.Value!.ToString()))] };
        }

        return new ScenarioRequest(plain, claims, node.TextAt("token"), [.. node.ItemsAt("omit").Select(item => item.Text)]);
    }

    // {repeat: x, times: 5000} is a long value.
    private static string ValueOf(Node node) => node.Kind == NodeKind.Map
        ? string.Concat(Enumerable.Repeat(node.TextAt("repeat"), (int)node.NumberAt("times")!))
        : node.Text;

    private static Node Without(Node request) =>
        Node.OfMap([.. request.Entries.Where(entry => entry.Key is "method" or "host" or "path" or "ip" or "body" or "facts")], request.Location);

    private static JsonNode? ToJson(Node node) => node.Kind switch
    {
        NodeKind.Map => new JsonObject(node.Entries.Select(entry => new KeyValuePair<string, JsonNode?>(entry.Key, ToJson(entry.Value)))),
        NodeKind.List => new JsonArray([.. node.Items.Select(ToJson)]),
        NodeKind.Integer => JsonValue.Create(node.Integer),
        NodeKind.Number => JsonValue.Create(node.Number),
        NodeKind.Boolean => JsonValue.Create(node.Boolean),
        NodeKind.Null => null,
        _ => JsonValue.Create(node.Text),
    };

    private static void Check(Node node, string file, params string[] known)
    {
        foreach (var entry in node.Entries)
        {
            Assert.True(known.Contains(entry.Key, StringComparer.Ordinal), $"{file}:{entry.Value.Location}: {entry.Key} is not known here");
        }
    }
}
