using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Forwarding;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Tls;

/// <summary>Clients of listeners with TLS, and edges that have some. The edge's clock stands at the real time, since the clients' certificates are judged by it.</summary>
internal static class TlsPeer
{
    public static TestTimeProvider Now() => new(TimeProvider.System.GetUtcNow());

    /// <summary>An edge with a proxy over TLS, for localhost and loopback.</summary>
    public static async Task<EdgeUnderTest> StartAsync(
        TempFolder folder, TestCertificates certificates, Func<EdgeOptions, EdgeOptions>? change = null, string? bundle = null)
    {
        using var server = certificates.IssueServer();
        TestCertificates.Write(folder, "server", server);
        return await EdgeUnderTest.StartAsync(
            bundle ?? TestBundles.Open(),
            options => (change ?? (same => same))(options with
            {
                Listen = options.Listen with { ProxyTls = "127.0.0.1:0" },
                Certificates = options.Certificates.Add("default", Certificate(folder, "server")),
            }),
            new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = Now() });
    }

    public static CertificateOptions Certificate(TempFolder folder, string name) =>
        new() { File = folder.Combine(name + ".pem"), KeyFile = folder.Combine(name + ".key") };

    public static Uri Address(this EdgeUnderTest edge, DoorTag door) => new(edge.Host.AddressOf(door)!);

    /// <summary>A client of one version of HTTP that trusts the test's authority.</summary>
    public static HttpClient Client(Uri address, TestCertificates certificates, Version? version = null, X509Certificate2? own = null)
    {
        var handler = certificates.CreateHandler();
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        if (own is not null)
        {
            handler.SslOptions.ClientCertificates = [own];
        }

        return new HttpClient(handler)
        {
            BaseAddress = address,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Eventually.Generous,
        };
    }

    /// <summary>Shakes hands for a name; the certificate is not judged.</summary>
    public static async Task<SslStream> ConnectAsync(Uri address, string name, Action<SslClientAuthenticationOptions>? change = null, byte[]? first = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        if (first is not null)
        {
            await socket.SendAsync(first);
        }

        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
#pragma warning disable CA5359 // Which certificate is shown is what is asked.
        var options = new SslClientAuthenticationOptions { TargetHost = name, RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        change?.Invoke(options);
        try
        {
            await stream.AuthenticateAsClientAsync(options).Within("a handshake");
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a handshake is refused.</summary>
    public static async Task<bool> IsRefusedAsync(Uri address, string name, Action<SslClientAuthenticationOptions>? change = null)
    {
        try
        {
            await using var stream = await ConnectAsync(address, name, change);
            return false;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            return true;
        }
    }

    /// <summary>Thumbprint of the certificate that is shown for a name.</summary>
    public static async Task<string> ShownAsync(Uri address, string name)
    {
        await using var stream = await ConnectAsync(address, name);
        return ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;
    }

    /// <summary>
    /// Asks on an open connection and reads one answer to the end of its framing, not only to that of its text: what was
    /// left of a chunked body would come before the next one. Less than a whole answer when the connection ends.
    /// </summary>
    public static async Task<string> AskAsync(Stream stream, string path = "/")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var text = string.Empty;
        var buffer = new byte[4096];
        while (RawMessage.Read(text) is null)
        {
            var read = await stream.ReadAsync(buffer).AsTask().Within("an answer");
            if (read == 0)
            {
                break;
            }

            text += Encoding.Latin1.GetString(buffer, 0, read);
        }

        return text;
    }
}
