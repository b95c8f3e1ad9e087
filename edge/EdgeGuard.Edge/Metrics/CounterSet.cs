using System.Collections.Concurrent;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Counters by one label whose values come from a bundle or a closed list. Bounded, whatever it is given.</summary>
internal sealed class CounterSet(string label)
{
    /// <summary>Most label values; further ones count as <c>other</c>.</summary>
    public const int MaxValues = 1000;

    private const string Other = "other";
    private readonly ConcurrentDictionary<string, Counter> _cells = new(StringComparer.Ordinal);

    public void Add(string value) => Of(value).Add();

    /// <summary>The counter of a value.</summary>
    public Counter Of(string value) => _cells.TryGetValue(value, out var cell)
        ? cell
        : _cells.GetOrAdd(_cells.Count < MaxValues ? value : Other, static _ => new Counter());

    /// <summary>The count of one value.</summary>
    public long this[string value] => _cells.TryGetValue(value, out var cell) ? cell.Count : 0;

    /// <summary>Writes the family, in the order of the label values.</summary>
    public void Write(MetricWriter writer, string name, string help)
    {
        writer.Family(name, "counter", help);
        foreach (var (value, cell) in _cells.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Sample(cell.Count, (label, value));
        }
    }
}
