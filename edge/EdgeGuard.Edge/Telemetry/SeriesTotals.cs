using System.Runtime.InteropServices;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>What a <see cref="SeriesTable"/> held at one moment, to be added up without its lock.</summary>
/// <param name="names">Labels by slot.</param>
/// <param name="counts">Counts by slot.</param>
/// <param name="retired">Counts of series that have no slot any more.</param>
internal sealed class SeriesTotals(DecisionCount?[] names, long[] counts, KeyValuePair<DecisionCount, long>[] retired)
{
    /// <summary>Counts by series; each series once.</summary>
    public List<DecisionCount> Merge()
    {
        var totals = new Dictionary<DecisionCount, long>(retired);
        for (var slot = 0; slot < counts.Length; slot++)
        {
            if (counts[slot] > 0 && names[slot] is { } name)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(totals, name, out _) += counts[slot];
            }
        }

        var merged = new List<DecisionCount>(totals.Count);
        foreach (var (name, count) in totals)
        {
            merged.Add(name with { Count = count });
        }

        return merged;
    }
}
