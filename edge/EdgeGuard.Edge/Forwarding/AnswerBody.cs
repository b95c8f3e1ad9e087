using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeGuard.Edge.Usage;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>Passes the body of an upstream's answer on as it comes, no faster than the client takes it. Its last bytes are written, not yet sent.</summary>
internal sealed class AnswerBody(LaneOutput output, Patience patience)
{
    /// <summary>How long nothing may come; as on the YARP path.</summary>
    public static readonly TimeSpan StandstillLimit = TimeSpan.FromHours(1);

    /// <summary>Eight hexadecimal digits and CRLF.</summary>
    private const int MaxSizeLine = 10;

    private ChunkReader _chunks;

    /// <summary>Passes it on.</summary>
    /// <param name="upstream">Where it comes from.</param>
    /// <param name="head">Its head.</param>
    /// <param name="scanner">Who else looks at it, or null.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AnswerEnd> PassAsync(UpstreamConnection upstream, ResponseHead head, IUsageScanner? scanner)
    {
        var left = head.Framing == BodyFraming.Length ? head.ContentLength : 0;
        _chunks = new ChunkReader(blanks: true);
        while (true)
        {
            var passed = head.Framing switch
            {
                BodyFraming.Length => Pass(upstream, scanner, ref left),
                BodyFraming.Chunked => PassChunks(upstream, scanner),
                _ => PassAll(upstream, scanner),
            };
            if (passed != ChunkReading.Incomplete)
            {
                return passed == ChunkReading.End ? AnswerEnd.Whole : AnswerEnd.BrokenOff;
            }

            patience.Begin(StandstillLimit);
            if (!await output.FlushAsync())
            {
                return AnswerEnd.ClientGone;
            }

            var received = await upstream.ReceiveAsync();
            upstream.Receive(received);
            if (received == 0)
            {
                return head.Framing == BodyFraming.UntilClose ? EndChunks() : AnswerEnd.BrokenOff;
            }
        }
    }

    private ChunkReading Pass(UpstreamConnection upstream, IUsageScanner? scanner, ref long left)
    {
        var data = upstream.Unread;
        data = data[..(int)Math.Min(left, data.Length)];
        scanner?.Write(data);
        output.Pipe.Write(data);
        left -= data.Length;
        upstream.Consume(data.Length);
        return left == 0 ? ChunkReading.End : ChunkReading.Incomplete;
    }

    private ChunkReading PassChunks(UpstreamConnection upstream, IUsageScanner? scanner)
    {
        var rest = upstream.Unread;
        var length = rest.Length;
        ChunkReading reading;
        while ((reading = _chunks.Read(ref rest, out var data)) == ChunkReading.Data)
        {
            scanner?.Write(data);
            PutChunk(data);
        }

        upstream.Consume(length - rest.Length);
        if (reading == ChunkReading.End)
        {
            EndChunks();
        }

        return reading;
    }

    private ChunkReading PassAll(UpstreamConnection upstream, IUsageScanner? scanner)
    {
        var data = upstream.Unread;
        if (!data.IsEmpty)
        {
            scanner?.Write(data);
            PutChunk(data);
            upstream.Consume(data.Length);
        }

        return ChunkReading.Incomplete;
    }

    // In chunks of our own: what else a foreign one says is not passed on.
    private void PutChunk(ReadOnlySpan<byte> data)
    {
        var room = output.Pipe.GetSpan(MaxSizeLine);
        _ = data.Length.TryFormat(room, out var digits, "X");
        "\r\n"u8.CopyTo(room[digits..]);
        output.Pipe.Advance(digits + 2);
        output.Pipe.Write(data);
        output.Pipe.Write("\r\n"u8);
    }

    private AnswerEnd EndChunks()
    {
        output.Pipe.Write("0\r\n\r\n"u8);
        return AnswerEnd.Whole;
    }
}
