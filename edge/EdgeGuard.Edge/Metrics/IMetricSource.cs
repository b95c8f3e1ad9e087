namespace EdgeGuard.Edge.Metrics;

/// <summary>A part of the edge that shows metrics. Asked only when scraped; must not block.</summary>
internal interface IMetricSource
{
    /// <summary>Writes this part's families. Label values come from the bundle, the options or closed lists, never from a request.</summary>
    void Write(MetricWriter writer);
}
