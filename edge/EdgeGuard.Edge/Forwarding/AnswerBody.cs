using System.Runtime.CompilerServices;
using EdgeGuard.Edge.Lane;
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
    private long _left;

    /// <summary>Passes on what is there already; incomplete when there is more to come.</summary>
    /// <param name="upstream">Where it comes from.</param>
    /// <param name="head">Its head.</param>
    /// <param name="scanner">Who else looks at it, or null.</param>
    public ChunkReading Begin(UpstreamConnection upstream, ResponseHead head, IUsageScanner? scanner)
    {
        _left = head.Framing == BodyFraming.Length ? head.ContentLength : 0;
        _chunks = new ChunkReader(blanks: true);
        return Pass(upstream.Input, head.Framing, scanner);
    }

    /// <summary>Passes on what comes then.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AnswerEnd> PassAsync(UpstreamConnection upstream, ResponseHead head, IUsageScanner? scanner)
    {
        var turn = 0;
        while (true)
        {
            patience.Begin(StandstillLimit);
            if (!await output.FlushAsync())
            {
                return AnswerEnd.ClientGone;
            }

            int received;
            while ((received = upstream.Input.Receive(upstream.Socket)) == ILaneWire.Blocked)
            {
                await upstream.Socket.WhenReadableAsync();
            }

            if (received <= 0)
            {
                // Where the end of the connection is the end of the body, a broken one is none.
                return head.Framing == BodyFraming.UntilClose && received == 0 ? EndChunks() : AnswerEnd.BrokenOff;
            }

            var passed = Pass(upstream.Input, head.Framing, scanner);
            if (passed != ChunkReading.Incomplete)
            {
                return passed == ChunkReading.End ? AnswerEnd.Whole : AnswerEnd.BrokenOff;
            }

            if ((turn += received) > LaneLoop.FairBytes)
            {
                turn = 0;
                await upstream.Socket.Loop.YieldAsync();
            }
        }
    }

    private ChunkReading Pass(LaneInput input, BodyFraming framing, IUsageScanner? scanner) => framing switch
    {
        BodyFraming.Length => PassLength(input, scanner),
        BodyFraming.Chunked => PassChunks(input, scanner),
        _ => PassAll(input, scanner),
    };

    private ChunkReading PassLength(LaneInput input, IUsageScanner? scanner)
    {
        var data = input.Unread;
        data = data[..(int)Math.Min(_left, data.Length)];
        scanner?.Write(data);
        output.Write(data);
        _left -= data.Length;
        input.Consume(data.Length);
        return _left == 0 ? ChunkReading.End : ChunkReading.Incomplete;
    }

    private ChunkReading PassChunks(LaneInput input, IUsageScanner? scanner)
    {
        var rest = input.Unread;
        var length = rest.Length;
        ChunkReading reading;
        while ((reading = _chunks.Read(ref rest, out var data)) == ChunkReading.Data)
        {
            scanner?.Write(data);
            PutChunk(data);
        }

        input.Consume(length - rest.Length);
        if (reading == ChunkReading.End)
        {
            EndChunks();
        }

        return reading;
    }

    private ChunkReading PassAll(LaneInput input, IUsageScanner? scanner)
    {
        var data = input.Unread;
        if (!data.IsEmpty)
        {
            scanner?.Write(data);
            PutChunk(data);
            input.Consume(data.Length);
        }

        return ChunkReading.Incomplete;
    }

    // In chunks of our own: what else a foreign one says is not passed on.
    private void PutChunk(ReadOnlySpan<byte> data)
    {
        var room = output.GetSpan(MaxSizeLine);
        _ = data.Length.TryFormat(room, out var digits, "X");
        "\r\n"u8.CopyTo(room[digits..]);
        output.Advance(digits + 2);
        output.Write(data);
        output.Write("\r\n"u8);
    }

    private AnswerEnd EndChunks()
    {
        output.Write("0\r\n\r\n"u8);
        return AnswerEnd.Whole;
    }
}
