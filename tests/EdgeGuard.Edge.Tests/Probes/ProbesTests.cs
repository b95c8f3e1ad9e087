using System.Net;
using System.Text.Json;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Probes;

public sealed class ProbesTests
{
    [Fact]
    public async Task Readyz_WithABundle_TellsWhichAndHow()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(7), options => options with { JwtVerificationOff = true });
        edge.Time.Advance(TimeSpan.FromSeconds(90));
        using var report = JsonDocument.Parse(await edge.Probes.GetStringAsync("/readyz"));
        var root = report.RootElement;
        var bundle = root.GetProperty("bundle");

        Assert.Equal("ready", root.GetProperty("status").GetString());
        Assert.Equal(7, bundle.GetProperty("version").GetInt64());
        Assert.Equal(64, bundle.GetProperty("digest").GetString()!.Length);
        Assert.InRange(bundle.GetProperty("age_seconds").GetInt64(), 90, 200);
        Assert.Equal("file", bundle.GetProperty("source").GetString());
        Assert.False(bundle.GetProperty("expired").GetBoolean());
        Assert.Equal("off", root.GetProperty("jwt_verification").GetString());
        Assert.Equal(["jws", "unsigned"], root.GetProperty("accepts").EnumerateArray().Select(form => form.GetString()));
        Assert.Equal("persistent", root.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Edge_WithoutABundle_IsNotReady_AndRefusesEverything()
    {
        using var folder = new TempFolder();
        await using var edge = await EdgeUnderTest.StartInAsync(folder, options => options);
        using var ready = await edge.Probes.GetAsync("/readyz");
        using var live = await edge.Probes.GetAsync("/livez");
        using var proxied = await edge.GetAsync("/a");
        using var decided = await edge.DecideAsync("/a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("no_bundle_loaded", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("503 no_bundle_loaded", proxied.Verdict());
        Assert.Equal("503 no_bundle_loaded", decided.Verdict());
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Theory]
    [InlineData(false, "200 allow", HttpStatusCode.OK)]
    [InlineData(true, "503 no_bundle_loaded", HttpStatusCode.ServiceUnavailable)]
    public async Task Bundle_ThatExpiresInForce_IsKeptOrDenies(bool deny, string verdict, HttpStatusCode ready)
    {
        var time = new TestTimeProvider();
        var expires = (time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-ddTHH:mm:ssZ");
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.PerKey(top: $"expires_at: '{expires}'"),
            options => options with { Bundle = options.Bundle with { DenyOnExpiry = deny } },
            new EdgeHostSettings { Time = time });
        using var before = await edge.GetAsync("/v1/a", ("x-api-key", "a"));
        time.Advance(TimeSpan.FromHours(2));
        using var after = await edge.GetAsync("/v1/a", ("x-api-key", "a"));
        using var readiness = await edge.Probes.GetAsync("/readyz");

        Assert.Equal("200 allow", before.Verdict());
        Assert.Equal(verdict, after.Verdict());
        Assert.Equal(ready, readiness.StatusCode);
        Assert.Contains("edgeguard_bundle_expired 1\n", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_Ephemeral_IsShown_AndKeepsNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with { EphemeralState = true });

        Assert.Contains("\"state\":\"ephemeral\"", await edge.Probes.GetStringAsync("/readyz"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(edge.Folder.Combine("state")));
    }

    [Fact]
    public async Task Drain_TurnsReadiness_WhileRequestsInFlightFinish()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var arrived = new Signal();
        var go = new Signal();
        edge.Upstream.Answer = async context =>
        {
            arrived.Set();
            await go.WaitAsync();
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "late");
        };
        var inFlight = edge.GetAsync("/slow");
        await arrived.WaitAsync();
        var stopping = edge.Host.StopAsync();
        using var readiness = await edge.Probes.GetAsync("/readyz");
        go.Set();
        using var response = await inFlight.Within("the answer");
        await stopping.Within("the end");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Contains("draining", await readiness.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("late", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/decision", HttpStatusCode.NotFound)]
    [InlineData("POST", "/readyz", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "/livez", HttpStatusCode.OK)]
    public async Task ProbesListener_AnswersNothingElse(string method, string path, HttpStatusCode status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        using var response = await EdgeUnderTest.SendAsync(edge.Probes, new HttpMethod(method), path);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Readyz_AfterARefusedBundle_IsStillReady()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(4));
        Assert.Equal(4, FileReloadTests.Status(edge).Active!.Version);
        edge.Folder.Write("bundle.yaml", "nonsense");
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            return (await edge.Probes.GetStringAsync("/readyz")).Contains("\"applied\":false", StringComparison.Ordinal);
        });
    }
}
