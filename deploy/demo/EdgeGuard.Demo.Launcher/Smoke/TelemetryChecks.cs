using System.Text.Json;
using EdgeGuard.Demo.Launcher.Stack;
using EdgeGuard.Testing;
using static EdgeGuard.Demo.Launcher.Smoke.SmokeReport;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>What the control plane has counted is what was sent: across an outage and a restart of the edge, not one more or less.</summary>
/// <param name="stack">What runs.</param>
/// <param name="traffic">What was sent.</param>
/// <param name="report">Where it is told.</param>
/// <param name="ended">Requests that a kill switch ended on their way: decided, and counted, as allowed, and answered as killed.</param>
internal sealed class TelemetryChecks(DemoStack stack, TrafficDriver traffic, SmokeReport report, long ended)
{
    public Task RunAsync() => report.CheckAsync("telemetry", CompareAsync);

    private async Task<string> CompareAsync()
    {
        Require(traffic.Failed == 0, $"{traffic.Failed} requests failed");
        long sent = traffic.Decided.Values.Sum();
        using ControlPlaneReader reader = new(stack.Cli);
        SortedDictionary<string, long> counted = [];
        try
        {
            await Eventually.TrueAsync(
                async () => (counted = await CountedAsync(reader)).Values.Sum() >= sent, what: "all are counted", interval: Eventually.Unhurried);
        }
        catch (TimeoutException)
        {
            // The comparison below says what is missing.
        }

        SortedDictionary<string, long> expected = new(traffic.Decided.ToDictionary(), StringComparer.Ordinal);
        if (ended > 0)
        {
            expected["kill_switch"] -= ended;
            expected[string.Empty] += ended;
        }

        Require(expected.SequenceEqual(counted), $"sent {Show(expected)}, counted {Show(counted)}");
        return $"{sent} requests sent, {counted.Values.Sum()} counted: {Show(counted)}";
    }

    private static async Task<SortedDictionary<string, long>> CountedAsync(ControlPlaneReader reader)
    {
        SortedDictionary<string, long> sums = new(StringComparer.Ordinal);
        JsonElement summary = await reader.GetAsync("/api/v1/telemetry/summary");
        foreach (JsonElement count in summary.GetProperty("decisions").EnumerateArray())
        {
            // What a shadow policy would have done is counted beside the decision, not as one.
            if (!count.GetProperty("shadow").GetBoolean())
            {
                string reason = count.GetProperty("reason").GetString()!;
                sums[reason] = sums.GetValueOrDefault(reason) + count.GetProperty("count").GetInt64();
            }
        }

        return sums;
    }

    private static string Show(IEnumerable<KeyValuePair<string, long>> counts)
        => string.Join(", ", counts.Select(item => $"{(item.Key.Length == 0 ? "allow" : item.Key)} {item.Value}"));
}
