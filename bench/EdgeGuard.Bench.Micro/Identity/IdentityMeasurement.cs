namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>What callers cost, measured in this process.</summary>
internal static class IdentityMeasurement
{
    /// <summary>Figures by name.</summary>
    public static async Task<Dictionary<string, double>> RunAsync()
    {
        Dictionary<string, double> results = [];
        await using (var scenario = await TokenScenario.CreateAsync())
        {
            results["cached_ns"] = QuickMeasurement.NanosecondsPerDecision(scenario.Decide);
            results["cached_bytes"] = QuickMeasurement.BytesPerDecision(scenario.Decide);
        }

        foreach (var algorithm in TokenSigner.Algorithms)
        {
            results[algorithm.ToLowerInvariant() + "_per_s"] = await ColdVerification.OfTokensAsync(algorithm);
        }

        results["hmac_sha256_per_s"] = ColdVerification.OfHmac();
        return results;
    }
}
