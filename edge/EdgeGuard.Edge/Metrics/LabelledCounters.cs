using System.Collections.Concurrent;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Counters by two or three labels whose values come from a bundle and closed lists. Bounded, whatever it is given.</summary>
internal sealed class LabelledCounters(string first, string second, string? third = null)
{
    /// <summary>Most series; further ones are counted together as <c>other</c>.</summary>
    public const int MaxSeries = 10_000;

    private const string Other = "other";
    private readonly ConcurrentDictionary<(string First, string Second, string Third), Counter> _cells = new();

    public void Add(string firstValue, string secondValue, string thirdValue = "", long count = 1) => Of(firstValue, secondValue, thirdValue).Add(count);

    /// <summary>The counter of some values.</summary>
    public Counter Of(string firstValue, string secondValue, string thirdValue = "")
    {
        var key = (firstValue, secondValue, thirdValue);
        return _cells.TryGetValue(key, out var cell)
            ? cell
            : _cells.GetOrAdd(_cells.Count < MaxSeries ? key : (Other, Other, thirdValue), static _ => new Counter());
    }

    /// <summary>Writes the family, in the order of the label values.</summary>
    public void Write(MetricWriter writer, string name, string help)
    {
        writer.Family(name, "counter", help);
        foreach (var (key, cell) in _cells.OrderBy(entry => entry.Key.First, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Second, StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Third, StringComparer.Ordinal))
        {
            var count = cell.Count;
            if (third is null)
            {
                writer.Sample(count, (first, key.First), (second, key.Second));
            }
            else
            {
                writer.Sample(count, (first, key.First), (second, key.Second), (third, key.Third));
            }
        }
    }
}
