using System.Buffers;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Body of the request that a connection has under way: passed on as it comes, no faster than the upstream takes it, in chunks of our own. Once nobody wants it any
/// more it is read to its end and dropped, so that the next request is found.
/// </summary>
internal sealed class RequestUpload(LaneInput input, LaneSocket client, TimeProvider time)
{
    private const int BufferBytes = 32 * 1024;

    // Eight hexadecimal digits and CRLF at most before the data of a chunk; CRLF and the last chunk behind it.
    private const int ChunkBegin = 10;
    private const int ChunkEnd = 7;

    private BodyFraming _framing;
    private long _left;
    private ChunkReader _chunks;
    private bool _discards;
    private bool _cancelled;
    private bool _slow;
    private long _received;
    private long _waited;
    private long _waitsSince;

    /// <summary>How far it has come.</summary>
    public UploadEnd End { get; private set; }

    /// <summary>Whether nobody wants the rest.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Takes on a request's body.</summary>
    public void Begin(LaneRequest request)
    {
        _framing = request.IsChunked ? BodyFraming.Chunked : request.BodyLength > 0 ? BodyFraming.Length : BodyFraming.None;
        _left = request.BodyLength;
        _chunks = new ChunkReader(blanks: false);
        (_discards, IsDropped, _cancelled, _slow) = (false, false, false, false);
        (_received, _waited, _waitsSince) = (0, 0, 0);
        End = _framing == BodyFraming.None ? UploadEnd.Whole : UploadEnd.Open;
    }

    /// <summary>Takes a body of known length that has arrived whole with its head.</summary>
    public bool TryTakeWhole(Span<byte> room)
    {
        if (_framing != BodyFraming.Length || input.Length < _left || room.Length < _left)
        {
            return false;
        }

        input.Unread[..(int)_left].CopyTo(room);
        input.Consume((int)_left);
        End = UploadEnd.Whole;
        return true;
    }

    /// <summary>Nobody wants the rest: it is read and thrown away.</summary>
    public void Drop() => IsDropped = _discards = true;

    /// <summary>Waits for the rest no longer.</summary>
    public void Cancel()
    {
        _cancelled = true;
        client.WakeReader();
    }

    /// <summary>Once a second: ends a body that comes too slowly.</summary>
    public void Look(long now)
    {
        if (End != UploadEnd.Open || _waitsSince == 0)
        {
            return;
        }

        var waited = time.GetElapsedTime(_waitsSince - _waited, now).TotalSeconds;
        if (waited > LanePace.GraceSeconds && _received < waited * LanePace.MinBytesPerSecond)
        {
            _slow = true;
            client.WakeReader();
        }
    }

    /// <summary>Reads it to its end.</summary>
    /// <param name="upstream">Where it goes; null for nowhere.</param>
    /// <param name="patience">Begun when all of it has been sent: from there on the upstream's time runs.</param>
    /// <param name="limit">The upstream's time.</param>
    public async Task RunAsync(UpstreamConnection? upstream, Patience patience, TimeSpan limit)
    {
        _discards |= upstream is null;
        var buffer = _framing == BodyFraming.Chunked ? ArrayPool<byte>.Shared.Rent(BufferBytes) : [];
        try
        {
            var turn = 0L;
            while (End == UploadEnd.Open)
            {
                if (input.Length == 0)
                {
                    await ReceiveAsync();
                    if ((turn += input.Length) > LaneLoop.FairBytes)
                    {
                        turn = 0;
                        await client.Loop.YieldAsync();
                    }

                    continue;
                }

                if (!(_framing == BodyFraming.Chunked ? await PassChunksAsync(upstream?.Socket, buffer) : await PassAsync(upstream?.Socket)))
                {
                    // The upstream takes no more. It may have answered all the same.
                    _discards = true;
                }
            }

            if (End == UploadEnd.Whole && client.HasHungUp)
            {
                // Who hangs up behind the body waits for no answer; as on the YARP path.
                End = UploadEnd.ClientGone;
            }

            if (End == UploadEnd.Whole && !_discards)
            {
                patience.Begin(limit);
            }
            else if (End != UploadEnd.Whole)
            {
                upstream?.Dispose();
            }
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async ValueTask ReceiveAsync()
    {
        var began = time.GetTimestamp();
        var received = input.Receive(client);
        if (received == ILaneWire.Blocked && !_cancelled)
        {
            _waitsSince = began;
            await client.WhenReadableAsync();
            _waitsSince = 0;
            _waited += time.GetTimestamp() - began;
            received = input.Receive(client);
        }

        _received += Math.Max(0, received);
        End = received is 0 or ILaneWire.Gone ? UploadEnd.ClientGone
            : received > 0 ? UploadEnd.Open
            : _slow ? UploadEnd.TooSlow
            : _cancelled ? UploadEnd.Cancelled
            : UploadEnd.Open;
    }

    // As it came.
    private async ValueTask<bool> PassAsync(LaneSocket? upstream)
    {
        while (input.Length > 0 && End == UploadEnd.Open)
        {
            var piece = input.Unread[..(int)Math.Min(_left, input.Length)];
            var sent = _discards ? piece.Length : upstream!.Send(piece);
            if (sent == ILaneWire.Gone)
            {
                return false;
            }

            if (sent == ILaneWire.Blocked)
            {
                await upstream!.WhenWritableAsync();
                continue;
            }

            input.Consume(sent);
            _left -= sent;
            End = _left == 0 ? UploadEnd.Whole : End;
        }

        return true;
    }

    private async ValueTask<bool> PassChunksAsync(LaneSocket? upstream, byte[] buffer)
    {
        var (begin, end) = TakeChunks(buffer);
        while (begin < end && !_discards)
        {
            var sent = upstream!.Send(buffer.AsSpan(begin, end - begin));
            if (sent == ILaneWire.Gone)
            {
                return false;
            }

            if (sent == ILaneWire.Blocked)
            {
                await upstream.WhenWritableAsync();
                continue;
            }

            begin += sent;
        }

        return true;
    }

    private (int Begin, int End) TakeChunks(byte[] buffer)
    {
        var rest = input.Unread;
        var before = rest.Length;
        var end = ChunkBegin;
        while (!rest.IsEmpty && end < buffer.Length - ChunkEnd && End == UploadEnd.Open)
        {
            var span = rest[..Math.Min(rest.Length, buffer.Length - ChunkEnd - end)];
            var length = span.Length;
            var reading = _chunks.Read(ref span, out var data);
            data.CopyTo(buffer.AsSpan(end));
            end += data.Length;
            rest = rest[(length - span.Length)..];
            End = reading switch
            {
                ChunkReading.End => UploadEnd.Whole,
                ChunkReading.Malformed => UploadEnd.Malformed,
                _ => UploadEnd.Open,
            };
        }

        input.Consume(before - rest.Length);
        return Framed(buffer, end);
    }

    private (int Begin, int End) Framed(byte[] buffer, int end)
    {
        var begin = ChunkBegin;
        var length = end - ChunkBegin;
        if (length > 0)
        {
            Span<byte> size = stackalloc byte[8];
            _ = length.TryFormat(size, out var digits, "X");
            begin = ChunkBegin - 2 - digits;
            size[..digits].CopyTo(buffer.AsSpan(begin));
            "\r\n"u8.CopyTo(buffer.AsSpan(ChunkBegin - 2));
            "\r\n"u8.CopyTo(buffer.AsSpan(end));
            end += 2;
        }

        if (End == UploadEnd.Whole)
        {
            "0\r\n\r\n"u8.CopyTo(buffer.AsSpan(end));
            end += 5;
        }

        return End == UploadEnd.Malformed ? (begin, begin) : (begin, end);
    }
}
