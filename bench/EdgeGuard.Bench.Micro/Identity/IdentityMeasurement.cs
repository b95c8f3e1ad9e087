namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>What callers cost, measured in this process.</summary>
internal static class IdentityMeasurement
{
    private static readonly TimeSpan Warmup = TimeSpan.FromMilliseconds(1500);

    /// <summary>Figures by name: <c>cached_*</c> of decisions, <c>*_per_s</c> of verifications on one core.</summary>
    /// <param name="measured">How long each verification is measured.</param>
    /// <param name="results">Where they go.</param>
    public static async Task RunAsync(TimeSpan measured, Dictionary<string, double> results)
    {
        await using (var token = await CallerScenario.OfTokenAsync())
        {
            Measure("token", token);
        }

        await using (var key = await CallerScenario.OfApiKeyAsync())
        {
            Measure("api_key", key);
        }

        // All of them first, so that no compiler works on their common code while the first ones are measured.
        ColdScenario[] scenarios = [.. ColdScenario.All()];
        foreach (var scenario in scenarios)
        {
            await ColdVerification.PerSecondAsync(scenario, Warmup);
        }

        foreach (var scenario in scenarios)
        {
            results[scenario.Name + "_per_s"] = await ColdVerification.PerSecondAsync(scenario, measured);
        }

        void Measure(string name, CallerScenario scenario)
        {
            results[$"decide_{name}_ns"] = QuickMeasurement.NanosecondsPerDecision(scenario.Decide);
            results[$"decide_{name}_bytes"] = QuickMeasurement.BytesPerDecision(scenario.Decide);
        }
    }
}
