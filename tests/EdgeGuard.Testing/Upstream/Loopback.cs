using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.Testing;

/// <summary>Small Kestrel servers on 127.0.0.1, port 0.</summary>
public static class Loopback
{
    /// <summary>An empty application; with a certificate it speaks TLS, HTTP/1.1 and 2.</summary>
    public static WebApplication CreateApp(
        X509Certificate2? tls = null, Action<KestrelServerOptions>? configure = null, HttpProtocols? protocols = null, bool wantsCertificate = false)
    {
        // The folder of the tests, not the working directory: a watched content root would be one more source of surprises.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            configure?.Invoke(options);
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols ?? (tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2);
                if (tls is not null)
                {
                    listen.UseHttps(tls, https =>
                    {
                        https.ClientCertificateMode = wantsCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                        https.AllowAnyClientCertificate();
                    });
                }
            });
        });
        return builder.Build();
    }

    public static Uri AddressOf(WebApplication app)
        => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
