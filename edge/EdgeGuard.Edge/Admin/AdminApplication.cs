using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Admin;

/// <summary>Leads every request of the admin server to one handler; no routing, no middleware.</summary>
internal sealed class AdminApplication(RequestDelegate handler) : IHttpApplication<HttpContext>
{
    /// <inheritdoc />
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc />
    public Task ProcessRequestAsync(HttpContext context) => handler(context);

    /// <inheritdoc />
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context owns nothing beyond the request's features, which the server disposes.
    }
}
