using EdgeGuard.Testing;

namespace EdgeGuard.Bench.Micro.Lane;

/// <summary>What a request on the decision lane takes of this process, without the kernel's share.</summary>
internal static class LaneMeasurement
{
    /// <summary>Figures by name: <c>lane_*_ns</c>.</summary>
    /// <param name="policies">The comparison's bundle.</param>
    /// <param name="results">Where they go.</param>
    public static async Task RunAsync(string policies, Dictionary<string, double> results)
    {
        using var folder = new TempFolder();
        await using var host = await LaneScenario.StartEdgeAsync(policies, folder);
        await using var one = LaneScenario.Create(host, folder, "/bench/one", hasToken: false);
        await using var five = LaneScenario.Create(host, folder, "/bench/five", hasToken: true);

        // Both before either is measured: code that they share is compiled anew when it is first used in another way.
        _ = QuickMeasurement.NanosecondsPerDecision(one.Decide);
        _ = QuickMeasurement.NanosecondsPerDecision(five.Decide);
        results["lane_1rule_ns"] = QuickMeasurement.NanosecondsPerDecision(one.Decide);
        results["lane_1rule_bytes"] = QuickMeasurement.BytesPerDecision(one.Decide);
        results["lane_5rules_ns"] = QuickMeasurement.NanosecondsPerDecision(five.Decide);
        results["lane_5rules_bytes"] = QuickMeasurement.BytesPerDecision(five.Decide);
    }
}
