using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Http2;

/// <summary>HTTP/2 frame by frame: sends what it is told, right or wrong, and tells what the server made of it.</summary>
internal sealed class Http2Wire : IAsyncDisposable
{
    private static readonly string[] Errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    private readonly Stream _stream;

    private Http2Wire(Stream stream) => _stream = stream;

    public static byte[] Preface => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    public static async Task<Http2Wire> ConnectAsync(Uri address)
    {
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            return new Http2Wire(await TlsPeer.ConnectAsync(address, "localhost", options => options.ApplicationProtocols = [SslApplicationProtocol.Http2]));
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return new Http2Wire(new NetworkStream(socket, ownsSocket: true));
    }

    public static byte[] Frame(byte type, byte flags, int stream, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>A header block of literals without indexing (RFC 7541 section 6.2.2), names and values shorter than 127 bytes.</summary>
    public static byte[] Block(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.ASCII.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.ASCII.GetBytes(value));
        }

        return [.. block];
    }

    public static byte[] Number(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    /// <summary>One setting (RFC 9113 section 6.5.1).</summary>
    public static byte[] Setting(int id, long value) => [(byte)(id >> 8), (byte)id, .. Number(value)];

    public async Task SendAsync(params byte[][] frames)
    {
        try
        {
            await _stream.WriteAsync(frames.SelectMany(frame => frame).ToArray());
            await _stream.FlushAsync();
        }
        catch (IOException)
        {
            // Hung up already; what it said before is read all the same.
        }
    }

    /// <summary>
    /// What the server makes of what was sent: <c>GOAWAY error</c>, <c>RST_STREAM stream error</c>, <c>HEADERS stream</c>, <c>PING ack payload</c> or <c>closed</c>,
    /// whichever comes first. Settings are not acknowledged: written to a server that has hung up meanwhile, the frame would be answered by a reset, and that throws away
    /// what the server said before.
    /// </summary>
    /// <param name="pastAnswers">Whether answers are read over, since what is waited for may come after them.</param>
    public async Task<string> OutcomeAsync(bool pastAnswers)
    {
        var head = new byte[9];
        while (true)
        {
            try
            {
                await _stream.ReadExactlyAsync(head).AsTask().Within("a frame");
                var length = (head[0] << 16) | (head[1] << 8) | head[2];
                var payload = new byte[length];
                await _stream.ReadExactlyAsync(payload).AsTask().Within("the rest of a frame");
                var stream = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                switch (head[3])
                {
                    case FrameType.GoAway:
                        return $"GOAWAY {Error(payload.AsSpan(4))}";
                    case FrameType.Reset:
                        return $"RST_STREAM {stream} {Error(payload)}";
                    case FrameType.Headers when !pastAnswers:
                        return $"HEADERS {stream}";
                    case FrameType.Ping when (head[4] & 1) != 0:
                        return $"PING ack {Convert.ToHexString(payload)}";
                }
            }
            catch (Exception failure) when (failure is EndOfStreamException or IOException)
            {
                return "closed";
            }
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static string Error(ReadOnlySpan<byte> payload)
    {
        var code = BinaryPrimitives.ReadUInt32BigEndian(payload);
        return code < Errors.Length ? Errors[code] : $"0x{code:x}";
    }
}
