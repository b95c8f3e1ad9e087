namespace EdgeGuard.Identity.Keys;

/// <summary>
/// Turns redirects off in a handler: an allowed host could otherwise send the edge to an address inside the network that it protects.
/// </summary>
internal static class RedirectPolicy
{
    /// <summary>The same handler.</summary>
    public static HttpMessageHandler TurnOff(HttpMessageHandler handler)
    {
        var inner = handler;
        while (inner is DelegatingHandler { InnerHandler: { } next })
        {
            inner = next;
        }

        try
        {
            switch (inner)
            {
                case SocketsHttpHandler sockets:
                    sockets.AllowAutoRedirect = false;
                    break;
                case HttpClientHandler client:
                    client.AllowAutoRedirect = false;
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            // Already in use elsewhere; the source refuses an answer that came from another address.
        }

        return handler;
    }
}
