using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGuard.Edge.Tests.Metrics;

/// <summary>A strict reader of the Prometheus text exposition format.</summary>
internal static partial class Exposition
{
    /// <summary>Families by name, each with its type and sample lines; fails on anything out of order.</summary>
    public static Dictionary<string, (string Type, List<string> Samples)> Parse(string page)
    {
        Assert.EndsWith("\n", page, StringComparison.Ordinal);
        var families = new Dictionary<string, (string Type, List<string> Samples)>(StringComparer.Ordinal);
        var series = new HashSet<string>(StringComparer.Ordinal);
        var (name, helped) = (string.Empty, string.Empty);
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                helped = line.Split(' ')[2];
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                (name, var type) = (parts[2], parts[3]);
                Assert.Equal(helped, name);
                Assert.Contains(type, (string[])["counter", "gauge", "histogram"]);
                Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
                Assert.True(families.TryAdd(name, (type, [])), $"{name} is there twice");
            }
            else
            {
                CheckSample(line, name, families[name].Type, series);
                families[name].Samples.Add(line);
            }
        }

        foreach (var (family, (_, samples)) in families.Where(entry => entry.Value.Type == "histogram"))
        {
            CheckHistogram(family, samples);
        }

        return families;
    }

    private static void CheckSample(string line, string family, string type, HashSet<string> series)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, $"no sample: {line}");
        var suffixes = type == "histogram" ? (string[])["_bucket", "_sum", "_count"] : [string.Empty];
        Assert.Contains(match.Groups["name"].Value, suffixes.Select(suffix => family + suffix));
        var value = match.Groups["value"].Value;
        Assert.True(value is "+Inf" or "-Inf" or "NaN" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), line);
        Assert.True(series.Add(line[..line.LastIndexOf(' ')]), $"the series is there twice: {line}");
    }

    private static void CheckHistogram(string family, List<string> samples)
    {
        var buckets = samples.Where(line => line.StartsWith(family + "_bucket", StringComparison.Ordinal)).ToList();
        var counts = buckets.ConvertAll(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        Assert.Equal(counts.Order(), counts);
        Assert.Contains("le=\"+Inf\"", buckets[^1], StringComparison.Ordinal);
        Assert.Contains($"{family}_count {counts[^1]}", samples);
        Assert.Contains(samples, line => line.StartsWith(family + "_sum ", StringComparison.Ordinal));
    }

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*")*\})? (?<value>\S+)$""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Sample();
}
