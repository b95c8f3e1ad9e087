using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Bench.Load.Measure;

namespace EdgeGuard.Bench.Load.Streams;

/// <summary>A client of chat completions: asks for one stream, reads it to its end and takes the time of each event as it is there whole.</summary>
internal static class EventReader
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly byte[] SentAt = Encoding.ASCII.GetBytes(EventProvider.SentAt);

    public static async Task<int> ReadAsync(Uri server, LatencyHistogram delays, TimeProvider time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        const string Body = """{"model":"mock-1","stream":true,"messages":[{"role":"user","content":"Say a hundred words."}]}""";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nX-Team: bench\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
        var buffer = new byte[64 * 1024];
        int length = 0, events = 0;
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length));
            var now = time.GetTimestamp();
            if (count == 0)
            {
                throw new IOException("The stream broke off: " + Encoding.ASCII.GetString(buffer, 0, Math.Min(length, 300)));
            }

            length += count;
            events += Take(buffer, ref length, now, delays, time.TimestampFrequency, out var isOver);
            if (isOver)
            {
                return events;
            }
        }
    }

    // What is left is the beginning of an event.
    private static int Take(byte[] buffer, ref int length, long now, LatencyHistogram delays, long frequency, out bool isOver)
    {
        var events = 0;
        var rest = buffer.AsSpan(0, length);
        isOver = rest.EndsWith("\r\n0\r\n\r\n"u8);
        for (int end; (end = rest.IndexOf("\n\n"u8)) >= 0; rest = rest[(end + 2)..])
        {
            var at = rest[..end].IndexOf(SentAt);
            if (at >= 0 && Utf8Parser.TryParse(rest[(at + SentAt.Length)..end], out long sent, out _))
            {
                delays.Record((long)((Int128)(now - sent) * NanosecondsPerSecond / frequency));
                events++;
            }
        }

        rest.CopyTo(buffer);
        length = rest.Length;
        return events;
    }
}
