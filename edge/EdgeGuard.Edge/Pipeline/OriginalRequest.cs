namespace EdgeGuard.Edge.Pipeline;

/// <summary>The request that is decided on, as its client sent it; at a decision door that is not the request which asks.</summary>
/// <param name="Method">Method as received.</param>
/// <param name="Host">Host as received, with port; empty for none.</param>
/// <param name="Target">Request target as received: path and query, or an absolute URI.</param>
internal readonly record struct OriginalRequest(string Method, string Host, string Target)
{
    /// <summary>The same without text of its own.</summary>
    public RequestLine Line => new(Method, Host, Target);

    /// <summary>A request that could not be told from what was received; always <c>malformed_request</c>.</summary>
    public static OriginalRequest Malformed => new(string.Empty, string.Empty, string.Empty);
}
