using System.Net;
using EdgeGuard.EndToEnd.Tests.Bundles;

namespace EdgeGuard.EndToEnd.Tests.Explain;

/// <summary>From an answer on the wire to its story in the terminal, with real processes.</summary>
public sealed class ExplainTests
{
    private const string Secret = "sk-live-somebodys-key";

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-key
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.001, burst: 1}
        """;

    [Fact]
    public async Task Refusal_OnTheWire_IsExplainedByTheCommandLine()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(Bundle));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Proxy, Timeout = Eventually.Generous };
        client.DefaultRequestHeaders.Add("x-api-key", Secret);
        using HttpResponseMessage allowed = await client.GetAsync(new Uri("/v1/private-path?token=query-secret", UriKind.Relative));
        using HttpResponseMessage refused = await client.GetAsync(new Uri("/v1/private-path?token=query-secret", UriKind.Relative));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (allowed.StatusCode, refused.StatusCode));
        string id = Assert.Single(refused.Headers.GetValues("X-EdgeGuard-Decision-Id"));

        string text = await site.Cli.OutputAsync("explain", id, "--socket", edge.AdminSocket);
        string json = await site.Cli.OutputAsync("explain", id, "--socket", edge.AdminSocket, "--json");
        string recent = await site.Cli.OutputAsync("explain", "--recent", "--socket", edge.AdminSocket);
        await site.Cli.OutputAsync("explain", "--record-all", "60s", "--socket", edge.AdminSocket);
        using HttpResponseMessage elsewhere = await client.GetAsync(new Uri("/elsewhere", UriKind.Relative));
        string told = await site.Cli.OutputAsync("explain", elsewhere.Headers.GetValues("X-EdgeGuard-Decision-Id").Single(), "--socket", edge.AdminSocket);

        Assert.StartsWith("refused with 429 token_bucket_exceeded by rule per-key of policy api", text, StringComparison.Ordinal);
        Assert.Contains("first to refuse: step 1, api / per-key", text, StringComparison.Ordinal);
        Assert.Contains(id, recent, StringComparison.Ordinal);
        Assert.StartsWith("allowed; no policy is for this host and path", told, StringComparison.Ordinal);
        foreach (string shown in new[] { text, json, recent, told, edge.Process.Text() })
        {
            Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
            Assert.DoesNotContain("private-path", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("query-secret", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unknown_Decision_IsToldWithWhatIsKept()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(Bundle));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);

        ProcessResult result = await site.Cli.RunAsync("explain", "0af7651916cd43dd8448eb211c80319c", "--socket", edge.AdminSocket);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("EG3295", result.Error, StringComparison.Ordinal);
        Assert.Contains("15 min", result.Error, StringComparison.Ordinal);
    }
}
