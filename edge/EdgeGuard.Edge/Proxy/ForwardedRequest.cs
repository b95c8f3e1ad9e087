using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Proxy;

/// <summary>An admitted request on its way to the upstream.</summary>
/// <param name="Exchange">The request, from its decision to its end.</param>
/// <param name="Upload">Watch over its body, or null when it cannot have one.</param>
/// <param name="Target">Path and query that are forwarded.</param>
/// <param name="Timeout">Longest wait for the response headers where a policy says one, or null.</param>
internal sealed record ForwardedRequest(Exchange Exchange, UploadWatch? Upload, string? Target, TimeSpan? Timeout)
{
    /// <summary>What was decided.</summary>
    public DecidedRequest Decided => Exchange.Decided;
}
