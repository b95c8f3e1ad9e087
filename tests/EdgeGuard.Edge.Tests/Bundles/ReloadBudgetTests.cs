using System.Net;
using System.Text;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bundles;

/// <summary>
/// Bundles are swapped in a real edge under real requests, of which one is at the upstream across each swap. Time stands still, so every budget can be counted
/// to the last request.
/// </summary>
public sealed class ReloadBudgetTests
{
    private const int Quota = 60;
    private const int Versions = 24;
    private const int Clients = 6;
    private const int AskedBetween = 12;

    /// <summary>What each path may admit in all: once where only numbers change, once for each of two things that are counted in turn.</summary>
    private static readonly Dictionary<string, int> Expected = new(StringComparer.Ordinal)
    {
        ["/budget"] = Quota,
        ["/window"] = Quota,
        ["/names"] = 2 * Quota,
        ["/keys"] = 2 * Quota,
    };

    /// <summary>A bucket that is cut and raised again stays cut, so of it only the most is known.</summary>
    private const string Bucket = "/bucket";

    private readonly Dictionary<string, int> _admitted = Expected.Keys.Append(Bucket).ToDictionary(path => path, _ => 0, StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Signal _swapped = new();
    private int _held;
    private int _asked;

    [Fact]
    public async Task Swaps_UnderLoad_AdmitEachBudgetExactlyOnce()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Generation(1));
        edge.Upstream.Record = false;
        edge.Upstream.Answer = HoldOneAsync;
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(i => Task.Run(() => DriveAsync(edge, i, stop.Token))).ToArray();
        for (var version = 2; version <= Versions; version++)
        {
            var target = Volatile.Read(ref _asked) + AskedBetween;
            await Eventually.TrueAsync(() => Volatile.Read(ref _asked) >= target || clients.Any(client => client.IsCompleted));
            Swap(edge, version);
        }

        await stop.CancelAsync();
        _swapped.Set();
        await Task.WhenAll(clients).Within("the clients");

        // What is left is asked for by the last two versions: by then every budget has been the larger one and everything has been counted by.
        await DrainAsync(edge);
        Swap(edge, Versions + 1);
        await DrainAsync(edge);

        foreach (var (path, most) in Expected)
        {
            Assert.True(_admitted[path] == most, $"{path}: {_admitted[path]} of {most}");
        }

        Assert.InRange(_admitted[Bucket], 1, Quota);
        Assert.Equal(_admitted.Values.Sum(), edge.Upstream.Count);
        await Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<DecisionEngine>().OpenAdmissions == 0);
    }

    // The first request of each version is at the upstream until the next has come.
    private async Task HoldOneAsync(HttpContext context)
    {
        var swapped = Volatile.Read(ref _swapped);
        if (Interlocked.Exchange(ref _held, 1) == 0)
        {
            await swapped.WaitAsync("the next bundle");
        }

        await context.Response.WriteAsync("ok");
    }

    private void Swap(EdgeUnderTest edge, int version)
    {
        var result = edge.Host.Services.GetRequiredService<BundleActivator>().Activate(Encoding.UTF8.GetBytes(Generation(version)), "file");
        Assert.True(result.Applied, string.Join('\n', result.Diagnostics));
        var before = Interlocked.Exchange(ref _swapped, new Signal());
        Volatile.Write(ref _held, 0);
        before.Set();
    }

    private async Task DriveAsync(EdgeUnderTest edge, int client, CancellationToken stop)
    {
        var paths = _admitted.Keys.ToArray();
        for (var i = client; !stop.IsCancellationRequested; i++)
        {
            await AskAsync(edge, paths[i % paths.Length]);
        }
    }

    private async Task DrainAsync(EdgeUnderTest edge)
    {
        _swapped.Set();
        foreach (var path in _admitted.Keys.ToArray())
        {
            while (await AskAsync(edge, path))
            {
            }
        }
    }

    private async Task<bool> AskAsync(EdgeUnderTest edge, string path)
    {
        using var response = await edge.GetAsync(path, ("x-key", "a"), ("x-organization", "b"));
        Interlocked.Increment(ref _asked);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return false;
        }

        Assert.Equal("200 allow", response.Verdict());
        lock (_lock)
        {
            _admitted[path]++;
        }

        return true;
    }

    // Numbers of the first three, and what the last two count by, are other ones in every version.
    private static string Generation(int version)
    {
        var other = version % 2 == 0;
        var quota = other ? Quota : Quota - 20;
        return $$"""
            format: edgeguard/v1
            bundle_version: {{version}}
            policies:
              - id: budget
                spec:
                  selector: {pathExact: /budget}
                  rules:
                    - name: r
                      limit_keys: ['header:x-key']
                      algorithm: cost_based
                      algorithm_config: {budget: {{quota}}, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}
              - id: window
                spec:
                  selector: {pathExact: /window}
                  rules:
                    - {name: r, limit_keys: ['header:x-key'], algorithm: sliding_window, algorithm_config: {limit: {{quota}}, window: 60s} }
              - id: bucket
                spec:
                  selector: {pathExact: /bucket}
                  rules:
                    - {name: r, limit_keys: ['header:x-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.0{{(other ? 1 : 2)}}, burst: {{quota}}} }
              - id: names
                spec:
                  selector: {pathExact: /names}
                  rules:
                    - {name: {{(other ? "one" : "two")}}, limit_keys: ['header:x-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.01, burst: {{Quota}}} }
              - id: keys
                spec:
                  selector: {pathExact: /keys}
                  rules:
                    - name: r
                      limit_keys: ['header:x-key'{{(other ? string.Empty : ", 'header:x-organization'")}}]
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 0.01, burst: {{Quota}}}
            """;
    }
}
