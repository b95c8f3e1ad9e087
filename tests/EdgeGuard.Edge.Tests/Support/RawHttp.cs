using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Sends bytes and reads what comes back until the connection is closed.</summary>
internal static class RawHttp
{
    public static Task<string> SendAsync(Uri address, string request) =>
        SendAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), request);

    public static async Task<string> SendAsync(EndPoint address, string request)
    {
        var isUnix = address.AddressFamily == AddressFamily.Unix;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().Within("an answer");
    }
}
