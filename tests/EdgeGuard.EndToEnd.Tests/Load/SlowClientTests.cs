using System.Net;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>slowhttptest against a real edge: clients that send as slowly as they can.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task SlowHeadsAndBodies_AreCutOffWhileOthersAreServed()
    {
        Assert.SkipUnless(InstalledProgram.Exists("slowhttptest"), "slowhttptest is not installed");
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Upstream.Record = false;
        site.Upstream.Answer = context => context.Response.WriteAsync("hello");
        site.Install(await site.SignAsync(SampleBundles.Open("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings with
        {
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CLIENTS__HEADER_TIMEOUT"] = "2s",
                ["CLIENTS__MIN_RATE"] = "100000",
            },
        });
        await edge.WaitReadyAsync();
        string address = edge.Proxy.ToString().TrimEnd('/');

        // They end by themselves once nobody is connected any more, at the latest after two minutes.
        Task<ProcessResult>[] attacks =
        [
            AttackAsync("-H", "-i", "1", "-u", address + "/v1/heads"),
            AttackAsync("-B", "-i", "1", "-s", "100000", "-u", address + "/v1/bodies"),
        ];
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Proxy, Timeout = Eventually.Generous };
        Task<ProcessResult[]> all = Task.WhenAll(attacks);
        do
        {
            using HttpResponseMessage answer = await client.GetAsync("/v1/hello");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Task.WhenAny(all, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        }
        while (!all.IsCompleted);

        Assert.All(await all, result => Assert.Contains("No open connections left", result.Output + result.Error, StringComparison.Ordinal));
    }

    private static Task<ProcessResult> AttackAsync(params string[] arguments)
        => ProcessRunner.RunProgramAsync("slowhttptest", ["-c", "200", "-r", "200", "-l", "120", "-v", "1", .. arguments], timeout: TimeSpan.FromMinutes(4));
}
