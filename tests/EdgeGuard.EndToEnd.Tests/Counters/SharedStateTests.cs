using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Counters;

/// <summary>Two real edges on one state directory, and so on one file of counters.</summary>
public sealed class SharedStateTests
{
    private const int Burst = 5;

    [Fact]
    public async Task SecondEdge_OnTheSameCounters_IsRefused_AndTheFirstGoesOnCounting()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(Bundle));
        await using EdgeProcess first = await EdgeProcess.StartAsync(site.EdgeSettings);
        await first.WaitReadyAsync();
        using (ProxyClient client = new(first.Proxy))
        {
            Assert.Equal(2, await AdmittedAsync(client, 2));
        }

        await using (EdgeProcess second = EdgeProcess.Launch(site.EdgeSettings))
        {
            ProcessResult result = await second.Process.WaitForExitAsync();
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains("EG3101", second.Process.Text(), StringComparison.Ordinal);
            Assert.Contains("is in use by another edge", second.Process.Text(), StringComparison.Ordinal);
        }

        using (ProxyClient client = new(first.Proxy))
        {
            Assert.Equal(Burst - 2, await AdmittedAsync(client, Burst * 2));
        }

        // Not even killed does the first leave them to two: the next has what is left, which is nothing.
        first.Process.Kill();
        await first.Process.WaitForExitAsync();
        await using EdgeProcess next = await EdgeProcess.StartAsync(site.EdgeSettings);
        await next.WaitReadyAsync();
        using ProxyClient last = new(next.Proxy);
        Assert.Equal(0, await AdmittedAsync(last, Burst));
    }

    private static async Task<int> AdmittedAsync(ProxyClient client, int requests)
    {
        int admitted = 0;
        for (int i = 0; i < requests; i++)
        {
            admitted += (await client.GetAsync("/v1/a", "alice")).Reason.Length == 0 ? 1 : 0;
        }

        return admitted;
    }

    private static string Bundle => $$"""
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - {name: r, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.00001, burst: {{Burst}}} }
        """;
}
