using System.Text.Json;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Metrics;

/// <summary>A scrape is cheap, and nobody waits for it.</summary>
public sealed class ScrapeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Write_TenThousandPolicies_AllocatesNoMoreThanItsBudget()
    {
        const int Policies = 10_000;
        var snapshot = TestPolicies.Snapshot(Policies);
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        for (var policy = 0; policy < Policies; policy++)
        {
            recorder.Record(snapshot, TestPolicies.Allow(policy), 100);
            recorder.Record(snapshot, TestPolicies.Reject(policy), 100);
        }

        using var counters = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 3));
        var engine = new DecisionEngine(counters);
        var metrics = new DecisionMetrics(recorder, new SnapshotHolder(engine));
        Page(metrics); // The rented buffer grows once.

        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = Page(metrics);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(bytes > 4000 * 100, $"the page of {bytes} bytes does not hold a sample for each series");
        Assert.True(allocated <= Budget(), $"{allocated} bytes allocated, {Budget()} allowed");
    }

    [Fact]
    public async Task Scrape_UnderWay_StopsNoDecision()
    {
        var slow = new SlowSource();
        await using var edge = await EdgeUnderTest.StartAsync(
            """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: p
                spec:
                  selector: {pathPrefix: /v1/}
                  rules:
                    - {name: a, limit_keys: ['header:x-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1000}}
            """,
            settings: new EdgeHostSettings { Services = services => services.AddSingleton<IMetricSource>(slow) });
        var page = edge.Probes.GetStringAsync("/metrics");
        await slow.Begun.WaitAsync(Patience);

        // Known and never-seen outcomes alike are answered while the page is written.
        (await edge.GetAsync("/v1/a", ("x-key", "known"))).Dispose();
        (await edge.GetAsync("/elsewhere", ("x-key", "known"))).Dispose();
        Assert.False(page.IsCompleted);

        slow.GoOn();
        Assert.Contains("slow_source 1", await page.WaitAsync(Patience), StringComparison.Ordinal);
    }

    private static int Page(DecisionMetrics metrics)
    {
        using var writer = new MetricWriter();
        metrics.Write(writer);
        return writer.Written.Length;
    }

    private static long Budget()
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("bench", "budgets.json")));
        return budgets.RootElement.GetProperty("edge_scrape_bytes_10k_policies").GetInt64();
    }

    private sealed class SlowSource : IMetricSource
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void GoOn() => _goOn.TrySetResult();

        public void Write(MetricWriter writer)
        {
            _begun.TrySetResult();
            _goOn.Task.Wait(Patience);
            writer.Single("slow_source", "gauge", "Stands for a scrape that takes its time.", 1);
        }
    }
}
