namespace EdgeGuard.Bundles.Model;

/// <summary>Bounds of one request; null leaves what the edge bounds by itself.</summary>
public sealed record RequestLimitsDefinition
{
    /// <summary>Most bytes of a body, as it is sent.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Most bytes of all header fields: names and values, and four more for each.</summary>
    public int? MaxHeaderBytes { get; init; }

    /// <summary>Most header fields.</summary>
    public int? MaxHeaderCount { get; init; }

    /// <summary>Most bytes of the request target, query included.</summary>
    public int? MaxUriBytes { get; init; }

    /// <summary>Longest wait for the response headers once the request has been sent; null for the cluster's.</summary>
    public TimeSpan? Timeout { get; init; }
}
