using System.Globalization;
using EdgeGuard.Edge.Tests.Forwarding;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Hosting;

/// <summary>
/// Nothing in the process remembers a path or a key, but for the counter table and what else has a fixed size. Alone: what is static leads to the edges of other
/// tests, too.
/// </summary>
[Collection(AllocationGroup.Name)]
public sealed class FlatMemoryTests
{
    private const int Requests = 1500;

    [Fact]
    public async Task Requests_WithPathsAndKeysNeverSeenBefore_LeaveNothingBehind()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: p
                spec:
                  selector: {pathPrefix: /v1/}
                  rules:
                    - {name: by-key, limit_keys: ['header:x-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
                    - {name: by-path, limit_keys: ['path:2'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
            """);

        // Pools, rings and connections reach their size first.
        await DriveAsync(edge, 0);
        var before = ObjectGraph.Walk(edge.Host.Services);
        await DriveAsync(edge, Requests);
        var after = ObjectGraph.Walk(edge.Host.Services);

        // Each request brought several texts of its own; a tenth of the requests is room for what the framework does meanwhile.
        Assert.True(
            after.Objects - before.Objects < Requests / 10,
            $"{before.Objects} objects became {after.Objects}: {after.GrownSince(before)}");
        Assert.True(
            after.Elements - before.Elements < Requests,
            $"arrays of {before.Elements} elements became {after.Elements}");
    }

    // Decisions about paths of a policy, of none, and forwarded requests.
    private static async Task DriveAsync(EdgeUnderTest edge, int from)
    {
        for (var i = from; i < from + Requests; i++)
        {
            var name = i.ToString(CultureInfo.InvariantCulture);
            (await edge.DecideAsync($"/v1/{name}", ("x-key", name))).Dispose();
            if (i % 4 == 0)
            {
                (await edge.DecideAsync($"/none/{name}?q={name}", ("x-key", name))).Dispose();
                (await edge.GetAsync($"/v1/forwarded/{name}", ("x-key", "f" + name))).Dispose();
            }
        }
    }
}
