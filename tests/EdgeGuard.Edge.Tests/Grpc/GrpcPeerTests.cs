using System.Text.Json.Nodes;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Grpc;

/// <summary>The npm package @grpc/grpc-js as the caller, with Envoy's own definitions of external authorization.</summary>
public sealed class GrpcPeerTests
{
    private static readonly NodePeer Peer = new("EDGEGUARD_TEST_GRPC", "tests", "EdgeGuard.Edge.Tests", "Grpc", "envoy-peer.cjs");

    [Fact]
    public async Task Calls_OfARealClient_AreAnswered()
    {
        Assert.SkipUnless(Peer.Obstacle.Length == 0, Peer.Obstacle);
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 2));
        static JsonObject Check() => new()
        {
            ["attributes"] = new JsonObject
            {
                ["source"] = new JsonObject { ["address"] = new JsonObject { ["socket_address"] = new JsonObject { ["address"] = "203.0.113.9", ["port_value"] = 4711 } } },
                ["request"] = new JsonObject
                {
                    ["http"] = new JsonObject
                    {
                        ["method"] = "GET",
                        ["path"] = "/v1/a",
                        ["host"] = "api.test",
                        ["headers"] = new JsonObject { [":path"] = "/v1/a", ["x-api-key"] = "a", ["x-edgeguard-reason"] = "forged" },
                    },
                },
            },
        };
        static JsonObject Limit(int hits) => new()
        {
            ["domain"] = "api.test",
            ["hits_addend"] = hits,
            ["descriptors"] = new JsonArray(new JsonObject
            {
                ["entries"] = new JsonArray(
                    new JsonObject { ["key"] = ":path", ["value"] = "/v1/a" }, new JsonObject { ["key"] = "x-api-key", ["value"] = "b" }),
            }),
        };
        var answers = await Peer.AskAsync(new JsonObject
        {
            ["address"] = edge.Address.Authority,
            ["checks"] = new JsonArray(Check(), Check(), Check()),
            ["limits"] = new JsonArray(Limit(2), Limit(1)),
        });
        var (checks, limits) = (answers["checks"]!, answers["limits"]!);

        Assert.Equal("x-edgeguard-reason", (string)Assert.Single(checks[0]!["ok_response"]!["headers_to_remove"]!.AsArray())!);
        Assert.Equal("TooManyRequests", (string)checks[2]!["denied_response"]!["status"]!["code"]!);
        Assert.Contains(checks[2]!["denied_response"]!["headers"]!.AsArray(), header =>
            (string)header!["header"]!["key"]! == "X-EdgeGuard-Reason"
            && (string)header["header"]!["value"]! == "token_bucket_exceeded"
            && (string)header["append_action"]! == "OVERWRITE_IF_EXISTS_OR_ADD");
        Assert.Equal("per-key", (string)checks[2]!["dynamic_metadata"]!["fields"]!["rule"]!["stringValue"]!);
        Assert.Equal(("OK", "OVER_LIMIT"), ((string)limits[0]!["overall_code"]!, (string)limits[1]!["overall_code"]!));
        Assert.Equal("api/per-key", (string)limits[1]!["statuses"]![0]!["current_limit"]!["name"]!);
    }
}
