using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Body of the request that a connection has under way: passed on as it comes, no faster than the upstream takes it, in chunks of our own. Once nobody wants it any
/// more it is read to its end and dropped, so that the next request is found.
/// </summary>
internal sealed class RequestUpload(PipeReader input, TimeProvider time)
{
    /// <summary>A client has so long before its speed counts, and must then have sent so many bytes a second; the server's own numbers.</summary>
    private const int GraceSeconds = 5;

    /// <inheritdoc cref="GraceSeconds" />
    private const int MinBytesPerSecond = 240;

    private const int BufferBytes = 16 * 1024;

    // Eight hexadecimal digits and CRLF at most before the data of a chunk; CRLF and the last chunk behind it.
    private const int ChunkBegin = 10;
    private const int ChunkEnd = 7;

    private BodyFraming _framing;
    private long _left;
    private ChunkReader _chunks;
    private volatile bool _discards;
    private volatile bool _dropped;
    private volatile bool _cancelled;
    private volatile bool _slow;
    private volatile UploadEnd _end;
    private long _received;
    private long _waited;
    private long _waitsSince;

    /// <summary>How far it has come.</summary>
    public UploadEnd End => _end;

    /// <summary>Takes on a request's body.</summary>
    public void Begin(LaneRequest request)
    {
        _framing = request.IsChunked ? BodyFraming.Chunked : request.BodyLength > 0 ? BodyFraming.Length : BodyFraming.None;
        _left = request.BodyLength;
        _chunks = new ChunkReader(blanks: false);
        (_discards, _dropped, _cancelled, _slow) = (false, false, false, false);
        (_received, _waited, _waitsSince) = (0, 0, 0);
        _end = _framing == BodyFraming.None ? UploadEnd.Whole : UploadEnd.Open;
    }

    /// <summary>Takes a body of known length that has arrived whole with its head.</summary>
    public bool TryTakeWhole(ref ReadOnlySequence<byte> arrived, Span<byte> room)
    {
        if (_framing != BodyFraming.Length || arrived.Length < _left || room.Length < _left)
        {
            return false;
        }

        arrived.Slice(0, _left).CopyTo(room);
        arrived = arrived.Slice(_left);
        _end = UploadEnd.Whole;
        return true;
    }

    /// <summary>Whether nobody wants the rest.</summary>
    public bool IsDropped => _dropped;

    /// <summary>Nobody wants the rest: it is read and thrown away.</summary>
    public void Drop() => _dropped = _discards = true;

    /// <summary>Waits for the rest no longer.</summary>
    public void Cancel()
    {
        _cancelled = true;
        input.CancelPendingRead();
    }

    /// <summary>Once a second: ends a body that comes too slowly.</summary>
    public void Look()
    {
        var since = Volatile.Read(ref _waitsSince);
        if (_end != UploadEnd.Open || since == 0)
        {
            return;
        }

        var waited = time.GetElapsedTime(since - Volatile.Read(ref _waited)).TotalSeconds;
        if (waited > GraceSeconds && Volatile.Read(ref _received) < waited * MinBytesPerSecond)
        {
            _slow = true;
            input.CancelPendingRead();
        }
    }

    /// <summary>Reads it to its end.</summary>
    /// <param name="upstream">Where it goes; null for nowhere.</param>
    /// <param name="patience">Begun when all of it has been sent: from there on the upstream's time runs.</param>
    /// <param name="limit">The upstream's time.</param>
    public async Task RunAsync(UpstreamConnection? upstream, Patience patience, TimeSpan limit)
    {
        _discards |= upstream is null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (_end == UploadEnd.Open)
            {
                var piece = await ReadAsync(buffer);
                if (!piece.IsEmpty && !_discards && !await TrySendAsync(upstream!, piece))
                {
                    // The upstream takes no more. It may have answered all the same.
                    _discards = true;
                }
            }

            if (_end == UploadEnd.Whole && !_discards)
            {
                patience.Begin(limit);
            }
            else if (_end != UploadEnd.Whole)
            {
                upstream?.Dispose();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<bool> TrySendAsync(UpstreamConnection upstream, ReadOnlyMemory<byte> piece)
    {
        try
        {
            while (!piece.IsEmpty)
            {
                piece = piece[await upstream.SendAsync(piece)..];
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(byte[] buffer)
    {
        var began = time.GetTimestamp();
        Volatile.Write(ref _waitsSince, began);
        ReadResult result;
        try
        {
            result = await input.ReadAsync();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            _end = UploadEnd.ClientGone;
            return default;
        }

        Volatile.Write(ref _waitsSince, 0);
        Volatile.Write(ref _waited, _waited + time.GetTimestamp() - began);
        var rest = result.Buffer;
        var piece = Take(ref rest, buffer);
        Volatile.Write(ref _received, _received + result.Buffer.Length - rest.Length);
        input.AdvanceTo(rest.Start, rest.IsEmpty ? result.Buffer.End : rest.Start);
        if (_end == UploadEnd.Open)
        {
            _end = _slow ? UploadEnd.TooSlow
                : _cancelled ? UploadEnd.Cancelled
                : result.IsCompleted && rest.IsEmpty ? UploadEnd.ClientGone
                : UploadEnd.Open;
        }

        return piece;
    }

    private ReadOnlyMemory<byte> Take(ref ReadOnlySequence<byte> rest, byte[] buffer)
    {
        if (_framing == BodyFraming.Chunked)
        {
            return TakeChunks(ref rest, buffer);
        }

        var count = (int)Math.Min(Math.Min(_left, rest.Length), BufferBytes);
        rest.Slice(0, count).CopyTo(buffer);
        rest = rest.Slice(count);
        _left -= count;
        _end = _left == 0 ? UploadEnd.Whole : _end;
        return buffer.AsMemory(0, count);
    }

    private ReadOnlyMemory<byte> TakeChunks(ref ReadOnlySequence<byte> rest, byte[] buffer)
    {
        var end = ChunkBegin;
        while (!rest.IsEmpty && end < BufferBytes - ChunkEnd && _end == UploadEnd.Open)
        {
            var first = rest.FirstSpan;
            var span = first[..Math.Min(first.Length, BufferBytes - ChunkEnd - end)];
            var before = span.Length;
            var reading = _chunks.Read(ref span, out var data);
            data.CopyTo(buffer.AsSpan(end));
            end += data.Length;
            rest = rest.Slice(before - span.Length);
            _end = reading switch
            {
                ChunkReading.End => UploadEnd.Whole,
                ChunkReading.Malformed => UploadEnd.Malformed,
                _ => UploadEnd.Open,
            };
        }

        return Framed(buffer, end);
    }

    private ReadOnlyMemory<byte> Framed(byte[] buffer, int end)
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

        if (_end == UploadEnd.Whole)
        {
            "0\r\n\r\n"u8.CopyTo(buffer.AsSpan(end));
            end += 5;
        }

        return buffer.AsMemory(begin, _end == UploadEnd.Malformed ? 0 : end - begin);
    }
}
