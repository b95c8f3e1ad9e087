using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Google.Protobuf;
using Code = EdgeGuard.Edge.Grpc.Envoy.RateLimit.RateLimitResponse.Types.Code;
using Unit = EdgeGuard.Edge.Grpc.Envoy.RateLimit.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace EdgeGuard.Edge.Tests.Grpc;

public sealed class RateLimitServiceTests
{
    private static readonly (string, string) Path = (":path", "/v1/a");

    [Fact]
    public async Task ShouldRateLimit_TellsEachDescriptorItsLimitByName()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 60));
        var answer = await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("x-api-key", "a")), GrpcEdge.Descriptor((":path", "/elsewhere")));
        var status = answer.Statuses[0];

        Assert.Equal((Code.Ok, 2), (answer.OverallCode, answer.Statuses.Count));
        Assert.Equal(("api/per-key", 60u, Unit.Minute), (status.CurrentLimit.Name, status.CurrentLimit.RequestsPerUnit, status.CurrentLimit.Unit));
        Assert.Equal((59u, 1L), (status.LimitRemaining, status.DurationUntilReset.Seconds));
        Assert.Equal((Code.Ok, null), (answer.Statuses[1].Code, answer.Statuses[1].CurrentLimit));
        Assert.Contains(answer.ResponseHeadersToAdd, header => header.Key == "RateLimit" && header.Value.StartsWith("\"api\";r=59", StringComparison.Ordinal));
        Assert.Equal("per-key", answer.DynamicMetadata.Fields["rule"].StringValue);
    }

    [Fact]
    public async Task ShouldRateLimit_OverALimit_SaysWhichAndWhenToComeBack()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1));
        await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("x-api-key", "a")));
        var answer = await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("x-api-key", "a")));

        Assert.Equal((Code.OverLimit, Code.OverLimit), (answer.OverallCode, answer.Statuses[0].Code));
        Assert.Contains(answer.ResponseHeadersToAdd, header => header is { Key: "X-EdgeGuard-Reason", Value: "token_bucket_exceeded" });
        Assert.Contains(answer.ResponseHeadersToAdd, header => header is { Key: "Retry-After", Value: "1" });
        Assert.Contains("\"reason\":\"token_bucket_exceeded\"", answer.RawBody.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(
            ("token_bucket_exceeded", "api"), (answer.DynamicMetadata.Fields["reason"].StringValue, answer.DynamicMetadata.Fields["policy"].StringValue));
    }

    [Fact]
    public async Task ShouldRateLimit_WhenOneDescriptorIsOver_TakesNothingFromTheOthers()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 2));
        await edge.LimitAsync(2, GrpcEdge.Descriptor(Path, ("x-api-key", "spent")));
        for (var i = 0; i < 5; i++)
        {
            var both = await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("x-api-key", "a")), GrpcEdge.Descriptor(Path, ("x-api-key", "spent")));

            Assert.Equal((Code.OverLimit, Code.Ok, Code.OverLimit), (both.OverallCode, both.Statuses[0].Code, both.Statuses[1].Code));
        }

        Assert.Equal(1u, (await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("x-api-key", "a")))).Statuses[0].LimitRemaining);
    }

    [Theory]
    [InlineData(0u, 9u)]
    [InlineData(1u, 9u)]
    [InlineData(7u, 3u)]
    [InlineData(10u, 0u)]
    public async Task ShouldRateLimit_TakesAsManyHitsAsItSays(uint hits, uint left)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 10));
        var answer = await edge.LimitAsync(hits, GrpcEdge.Descriptor(Path, ("x-api-key", "a")));

        Assert.Equal((Code.Ok, left), (answer.OverallCode, answer.Statuses[0].LimitRemaining));
    }

    [Theory]
    [InlineData(11u)]
    [InlineData(uint.MaxValue)]
    public async Task ShouldRateLimit_ForMoreHitsThanThereAre_RefusesAndTakesNone(uint hits)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 10));
        var refused = await edge.LimitAsync(hits, GrpcEdge.Descriptor(Path, ("x-api-key", "a")));
        var admitted = await edge.LimitAsync(10, GrpcEdge.Descriptor(Path, ("x-api-key", "a")));

        Assert.Equal((Code.OverLimit, Code.Ok), (refused.OverallCode, admitted.OverallCode));
    }

    [Fact]
    public async Task ShouldRateLimit_ByADescriptorsOwnHits_CountsThose_AndZeroOnlyAsks()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 10));
        RateLimitDescriptor Hits(ulong? hits)
        {
            var descriptor = GrpcEdge.Descriptor(Path, ("x-api-key", "a"));
            descriptor.HitsAddend = hits;
            return descriptor;
        }

        Assert.Equal(6u, (await edge.LimitAsync(1, Hits(4))).Statuses[0].LimitRemaining);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Code.Ok, (await edge.LimitAsync(1, Hits(0))).OverallCode);
        }

        Assert.Equal(0u, (await edge.LimitAsync(1, Hits(6))).Statuses[0].LimitRemaining);
        Assert.Equal(Code.OverLimit, (await edge.LimitAsync(1, Hits(0))).OverallCode);
        Assert.Equal(Code.OverLimit, (await edge.LimitAsync(1, Hits(ulong.MaxValue))).OverallCode);
    }

    [Fact]
    public async Task ShouldRateLimit_ByRemoteAddress_CountsThatClient()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1).Replace("header:x-api-key", "ip:address", StringComparison.Ordinal));
        await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("remote_address", "203.0.113.9")));

        Assert.Equal(Code.OverLimit, (await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("remote_address", "203.0.113.9")))).OverallCode);
        Assert.Equal(Code.Ok, (await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, ("remote_address", "203.0.113.8")))).OverallCode);
    }

    [Fact]
    public async Task ShouldRateLimit_BeyondTheBundlesBounds_IsOverLimit_AndTakesNothing()
    {
        var bundle = TestBundles.PerKey(burst: 2).Replace("selector:", "request_limits: {max_uri_bytes: 20, max_header_count: 2}\n      selector:", StringComparison.Ordinal);
        await using var edge = await GrpcEdge.StartAsync(bundle);
        var key = ("x-api-key", "a");
        var longer = await edge.LimitAsync(1, GrpcEdge.Descriptor((":path", "/v1/a?" + new string('x', 20)), key));
        var more = await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, key, ("a", "1"), ("b", "2")));
        var both = await edge.LimitAsync(1, GrpcEdge.Descriptor(Path, key), GrpcEdge.Descriptor((":path", "/v1/a?" + new string('x', 20)), key));
        var within = await edge.LimitAsync(2, GrpcEdge.Descriptor(Path, key));

        Assert.Equal((Code.OverLimit, "too_large", 414d), (longer.OverallCode, longer.DynamicMetadata.Fields["reason"].StringValue, longer.DynamicMetadata.Fields["status"].NumberValue));
        Assert.Equal((Code.OverLimit, 431d), (more.OverallCode, more.DynamicMetadata.Fields["status"].NumberValue));
        Assert.Equal((Code.OverLimit, Code.Ok, Code.OverLimit), (both.OverallCode, both.Statuses[0].Code, both.Statuses[1].Code));
        Assert.Equal(Code.Ok, within.OverallCode);
    }

    [Fact]
    public async Task ShouldRateLimit_ForADomain_MatchesItAsTheHost()
    {
        var bundle = TestBundles.PerKey(burst: 1).Replace("{pathPrefix: /v1/}", "{hosts: [api.test], pathPrefix: /}", StringComparison.Ordinal);
        await using var edge = await GrpcEdge.StartAsync(bundle);

        Assert.Equal("api/per-key", (await edge.LimitAsync(1, GrpcEdge.Descriptor(("x-api-key", "a")))).Statuses[0].CurrentLimit.Name);
    }

    [Fact]
    public async Task ShouldRateLimit_AskedByH2loadOnManyStreams_CountsEachCallOnce()
    {
        const int Calls = 400;
        Assert.SkipUnless(InstalledProgram.Exists("h2load"), "h2load is not installed here (test.sh installs nghttp2-client)");
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1000));
        var descriptor = GrpcEdge.Descriptor(Path, ("x-api-key", "a"));
        var message = new RateLimitRequest { Domain = "api.test", Descriptors = { descriptor } };
        var body = edge.Edge.Folder.Combine("call");
        await File.WriteAllBytesAsync(body, GrpcCaller.Frame(message.ToByteArray()));
        var said = await InstalledProgram.RunAsync(
            "h2load",
            ["-n", $"{Calls}", "-c", "4", "-m", "8", "-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers", new Uri(edge.Address, RateLimitService.Path).AbsoluteUri]);

        Assert.Contains($"{Calls} succeeded", said, StringComparison.Ordinal);
        Assert.Equal(1000u - Calls - 1, (await edge.LimitAsync(1, descriptor)).Statuses[0].LimitRemaining);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65, 1)]
    [InlineData(1, 65)]
    [InlineData(1, 0)]
    public async Task ShouldRateLimit_WithNothingOrTooMuchToDecideOn_IsOverLimit(int descriptors, int entries)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        var one = GrpcEdge.Descriptor([.. Enumerable.Range(0, entries).Select(i => ("k" + i, "v"))]);
        var answer = await edge.LimitAsync(1, [.. Enumerable.Repeat(one, descriptors)]);

        Assert.Equal((Code.OverLimit, "malformed_request"), (answer.OverallCode, answer.DynamicMetadata.Fields["reason"].StringValue));
    }
}
