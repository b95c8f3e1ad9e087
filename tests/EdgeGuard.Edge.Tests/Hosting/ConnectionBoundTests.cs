using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Hosting;

/// <summary><c>clients.max_connections</c>: a connection beyond it is closed at once, and its place is free again when another ends. Each listener counts its own.</summary>
public sealed class ConnectionBoundTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies: []
        probes:
          - {name: all pass, request: {path: /}, expect: allow}
        """;

    [Fact]
    public async Task Connection_BeyondTheBound_IsClosed_AndReadinessTells_UntilThereIsRoom()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle, options => options with { Clients = new ClientOptions { MaxConnections = 2 } });
        edge.Upstream.Answer = context =>
        {
            context.Response.ContentLength = 5;
            return context.Response.Body.WriteAsync("hello"u8.ToArray()).AsTask();
        };
        using var first = await ConnectAsync(edge);
        using var second = await ConnectAsync(edge);
        Assert.EndsWith("\r\n\r\nhello", await AskAsync(first), StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", await AskAsync(second), StringComparison.Ordinal);

        using var third = await ConnectAsync(edge);
        Assert.Equal(string.Empty, await AskAsync(third));

        // Those that stand go on, and probes are asked on a listener that knows no bound.
        Assert.EndsWith("\r\n\r\nhello", await AskAsync(first), StringComparison.Ordinal);
        using var full = await edge.Probes.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
        Assert.Contains("\"doors_failed\":[\"proxy\"]", await full.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        first.Close();
        await Eventually.TrueAsync(async () =>
        {
            using var next = await ConnectAsync(edge);
            return (await AskAsync(next)).EndsWith("\r\n\r\nhello", StringComparison.Ordinal);
        });
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(2));
            using var ready = await edge.Probes.GetAsync("/readyz");
            return ready.StatusCode == HttpStatusCode.OK;
        });
    }

    private static async Task<Socket> ConnectAsync(EdgeUnderTest edge)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, edge.Address(DoorTag.Proxy).Port);
        return socket;
    }

    // The answer to its end, or what there was of it when the connection was closed.
    private static async Task<string> AskAsync(Socket socket)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: api.test\r\n\r\n"u8.ToArray());
            while (!answer.ToString().EndsWith("\r\n\r\nhello", StringComparison.Ordinal))
            {
                var read = await socket.ReceiveAsync(buffer).Within("an answer, or the end");
                if (read == 0)
                {
                    break;
                }

                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset: what was sent was not read any more.
        }

        return answer.ToString();
    }
}
