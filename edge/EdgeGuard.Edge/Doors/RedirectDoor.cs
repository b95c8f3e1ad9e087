using System.Globalization;
using EdgeGuard.Edge.Tls;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Doors;

/// <summary>
/// Sends clients on to https (308, RFC 9110 section 15.4.9: method and body stay). Only to hosts that a certificate is for: whoever makes a client send another
/// Host cannot lead it elsewhere.
/// </summary>
internal sealed class RedirectDoor(EdgeOptions options, CertificateSet certificates)
{
    private readonly string _port = options.Tls.RedirectPort == 443 ? string.Empty : ":" + options.Tls.RedirectPort.ToString(CultureInfo.InvariantCulture);

    /// <summary>Handles one request of the redirecting listener.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var host = context.Request.Host;
        var response = context.Response;
        response.ContentLength = 0;
        if (!host.HasValue || !certificates.Covers(host.Host.Trim('[', ']')))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        // The target as it came: the server has refused control characters and what is not ASCII. An absolute one names a host of its own.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        response.Headers.Location = $"https://{host.Host}{_port}{(target.StartsWith('/') ? target : "/")}";
        return Task.CompletedTask;
    }
}
