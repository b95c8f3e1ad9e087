using System.Text.Json;
using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>The figures that the last line of <c>bench/micro.sh</c> promises to have, whichever way they are measured.</summary>
public sealed class MicroFigureTests
{
    public static TheoryData<string> Figures =>
        ["decide_1rule_ns", "decide_5rules_ns", "decide_10k_policies_ns", "bytes_per_decision", "compile_10k_policies_ms", "decide_10k_kill_switches_ns"];

    [Theory]
    [MemberData(nameof(Figures))]
    public void Figure_IsMeasuredBothWays_HasABudget_AndIsInTheStoredRun(string name)
    {
        foreach (string measurement in (string[])["QuickSummary", "FullMeasurement"])
        {
            Assert.Contains($"results[\"{name}\"] =", Read("bench", "EdgeGuard.Bench.Micro", measurement + ".cs"), StringComparison.Ordinal);
        }

        // What has a budget and is not measured fails "--check".
        using JsonDocument budgets = JsonDocument.Parse(Read("bench", "budgets.json"));
        Assert.True(budgets.RootElement.GetProperty(name).GetDouble() >= 0);

        string last = Read("bench", "results", "micro-quick.txt").TrimEnd().Split('\n')[^1];
        using JsonDocument stored = JsonDocument.Parse(last);
        Assert.True(stored.RootElement.GetProperty(name).GetDouble() >= 0);
    }

    private static string Read(params string[] path) => File.ReadAllText(RepositoryRoot.Combine(path));
}
