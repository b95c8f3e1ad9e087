using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>
/// <c>health</c>: whether the control plane of this data folder answers. It asks with a token that nobody has: to refuse it, the
/// server has to look it up, so the answer shows that the database works too, and the check needs no credential.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Where a running control plane writes down its address.</summary>
    public static string AddressFile(ControlPlaneOptions options) => Path.Combine(options.DataDir, "address");

    /// <summary>Asks.</summary>
    /// <exception cref="ControlPlaneException">It does not answer, or not as it should (EG6027).</exception>
    public static async Task<int> RunAsync(ControlPlaneOptions options, TextWriter output, CancellationToken cancellation)
    {
        var address = Address(options);
        try
        {
            using var handler = Handler(options);
            using var client = new HttpClient(handler) { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, ApiRoutes.Me));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", BearerToken.Create(BearerToken.UserPrefix));
            using var response = await client.SendAsync(request, cancellation);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests)
            {
                await output.WriteLineAsync("healthy " + address.GetLeftPart(UriPartial.Authority));
                return 0;
            }

            throw Failed(address, $"answered {(int)response.StatusCode}", null);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            throw Failed(address, error.InnerException?.Message ?? error.Message, error);
        }
    }

    private static ControlPlaneException Failed(Uri address, string what, Exception? error) => new(
        ControlPlaneCodes.HealthFailed, $"the control plane at {address.GetLeftPart(UriPartial.Authority)} is not healthy: {what}",
        "look at its log; check that it runs with this data folder", error);

    private static Uri Address(ControlPlaneOptions options)
    {
        var file = AddressFile(options);
        if (File.Exists(file) && Uri.TryCreate(File.ReadAllText(file).Trim(), UriKind.Absolute, out var written))
        {
            return written;
        }

        return ListenAddress.TryParse(options.Listen, out var listen) && listen is { Port: > 0 }
            ? new Uri($"https://127.0.0.1:{listen.Port}")
            : throw new ControlPlaneException(ControlPlaneCodes.HealthFailed, "no control plane has been started with this data folder",
                "start one, or name its folder with --data-dir");
    }

    private static SocketsHttpHandler Handler(ControlPlaneOptions options)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = Patience };
        // This machine asks itself, perhaps by an address that is not in the certificate: the very certificate is what it checks.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, problems) =>
            problems is SslPolicyErrors.None || (certificate is not null && IsOurs(options, certificate));
        return handler;
    }

    private static bool IsOurs(ControlPlaneOptions options, X509Certificate certificate)
    {
        var file = options.TlsCertificateFile.Length > 0 ? options.TlsCertificateFile : Path.Combine(options.DataDir, "server.pem");
        using var expected = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        return certificate.GetRawCertData().AsSpan().SequenceEqual(expected.RawData);
    }
}
