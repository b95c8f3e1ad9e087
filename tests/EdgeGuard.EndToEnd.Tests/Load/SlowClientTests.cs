using System.Net;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>slowhttptest against a real edge: clients that send, or read, as slowly as they can.</summary>
public sealed class SlowClientTests
{
    // More than the kernel keeps for a connection: of less, the edge would never hear that it is not read.
    private const int LargeAnswer = 16 * 1024 * 1024;

    [Fact]
    public async Task SlowHeadsBodiesAndReaders_AreCutOffWhileOthersAreServed()
    {
        Assert.SkipUnless(InstalledProgram.Exists("slowhttptest"), "slowhttptest is not installed");
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Upstream.Record = false;
        byte[] large = new byte[LargeAnswer];
        site.Upstream.Answer = context => context.Request.Path == "/v1/large"
            ? context.Response.Body.WriteAsync(large).AsTask()
            : context.Response.WriteAsync("hello");
        site.Install(await site.SignAsync(SampleBundles.Open("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings with
        {
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CLIENTS__HEADER_TIMEOUT"] = "2s",
                ["CLIENTS__MIN_RATE"] = "1000000",
            },
        });
        await edge.WaitReadyAsync();
        string address = edge.Proxy.ToString().TrimEnd('/');

        // They end by themselves once nobody is connected any more, at the latest after two minutes.
        Task<ProcessResult>[] attacks =
        [
            AttackAsync("-H", "-i", "1", "-u", address + "/v1/heads"),
            AttackAsync("-B", "-i", "1", "-s", "100000", "-u", address + "/v1/bodies"),

            // Reads what it has got before it hears that it was cut off: a thousand bytes, in five seconds.
            AttackAsync("-X", "-n", "1", "-z", "200", "-w", "512", "-y", "1024", "-u", address + "/v1/large"),
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
