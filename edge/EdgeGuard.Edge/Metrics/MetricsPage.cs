namespace EdgeGuard.Edge.Metrics;

/// <summary>All metrics of the edge on one page.</summary>
internal sealed class MetricsPage(IEnumerable<IMetricSource> sources)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly IMetricSource[] _sources = [.. sources];

    /// <summary>Writes the page, in the Prometheus text exposition format.</summary>
    public void Write(MetricWriter writer)
    {
        foreach (var source in _sources)
        {
            source.Write(writer);
        }
    }
}
