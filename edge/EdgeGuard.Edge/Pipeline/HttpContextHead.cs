using System.Net;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>The head of a request that the server parsed.</summary>
/// <param name="context">The request.</param>
internal readonly struct HttpContextHead(HttpContext context) : IRequestHead
{
    /// <inheritdoc />
    public IPAddress? Peer => context.Connection.RemoteIpAddress;

    /// <inheritdoc />
    public bool IsTls => context.Request.IsHttps;

    /// <inheritdoc />
    public int CountOf(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.Count : 0;

    /// <inheritdoc />
    public ReadOnlySpan<char> LineOf(string name, int index) => context.Request.Headers[name][index];
}
