using System.Globalization;
using System.Text.Json;

namespace EdgeGuard.Bench.Micro;

/// <summary>What <c>bench/budgets.json</c> allows, and which of it a run has kept.</summary>
internal static class Budgets
{
    /// <summary>Writes a line for each budget: kept, missed or not measured.</summary>
    /// <param name="file">The budgets: most that each figure may be.</param>
    /// <param name="results">Figures of this run by name.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Whether all are kept; one that was not measured is not.</returns>
    public static bool Report(string file, IReadOnlyDictionary<string, double> results, TextWriter output)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(file));
        var missed = 0;
        foreach (var budget in budgets.RootElement.EnumerateObject())
        {
            var most = budget.Value.GetDouble();
            var isMeasured = results.TryGetValue(budget.Name, out var measured);
            var isKept = isMeasured && measured <= most;
            missed += isKept ? 0 : 1;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"budget {budget.Name,-28} {(isMeasured ? Math.Round(measured, 1) : double.NaN),9:0.#} of at most {most,7:0.#}  {(isKept ? "kept" : isMeasured ? "MISSED" : "NOT MEASURED")}"));
        }

        output.WriteLine(missed == 0 ? "All budgets are kept." : string.Create(CultureInfo.InvariantCulture, $"{missed} of the budgets are not kept."));
        return missed == 0;
    }
}
