using System.Buffers;
using System.Net;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One connection of the lane. Answers what is there, in order and as far as the client takes the answers; on the first request that the lane does not
/// answer the web server takes the connection over, with that request untouched, and keeps it. Used by one thread.
/// </summary>
internal sealed class LaneSession(DecisionLane lane, LaneBench bench, ILaneWire wire, IPAddress? peer, Action<LaneSession> callerIsKnown, TimeProvider time)
    : IDisposable
{
    /// <summary>How long a connection may be idle; the server's own time.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(130);

    /// <summary>How long a request may take to arrive, however evenly its parts do; the server's own time for a head.</summary>
    public static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(30);

    /// <summary>Answers are sent when there are so many bytes of them, if more requests are there.</summary>
    private const int MaxUnsent = 16 * 1024;

    /// <summary>Room for what usually arrives at a time; kept by each connection.</summary>
    private const int UsualBytes = 4096;

    private const int MaxBytes = LaneRequest.MaxHeadBytes + LaneRequest.MaxBodyBytes;

    private readonly byte[] _usual = new byte[UsualBytes];
    private readonly CancellationTokenSource _closed = new();
    private byte[]? _large;
    private byte[]? _unsent;
    private LaneIncoming? _waiting;
    private ValueTask<Caller> _pending;
    private Caller _caller;
    private Exception? _failure;
    private LaneStep _next;
    private int _owed;
    private int _start;
    private int _end;
    private bool _ended;
    private bool _closing;
    private bool _isPartial;
    private long _since = time.GetTimestamp();

    /// <summary>What has arrived and is not answered.</summary>
    public ReadOnlySpan<byte> Rest => Buffer.AsSpan(_start, _end - _start);

    private byte[] Buffer => _large ?? _usual;

    private bool MustClose => _closing || lane.IsPaused;

    /// <summary>Whether all that had arrived was taken with the last read, but for an end that came with it.</summary>
    public bool IsDrained { get; private set; }

    /// <summary>Whether the last read found nothing, not even an end.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Goes on once something has arrived.</summary>
    /// <param name="now">Timestamp.</param>
    public LaneWants OnReadable(long now)
    {
        MakeRoom();
        var room = Buffer.AsSpan(_end);
        var count = wire.Receive(room);
        IsBlocked = count == ILaneWire.Blocked;
        IsDrained = count < room.Length;
        switch (count)
        {
            case ILaneWire.Blocked:
                return LaneWants.Read;
            case ILaneWire.Gone:
                return LaneWants.Close;
            case 0:
                _ended = true;
                break;
        }

        _end += count;
        return Work(now);
    }

    /// <summary>Goes on once the client takes answers again.</summary>
    public LaneWants OnWritable(long now)
    {
        var sent = wire.Send(_unsent);
        if (sent < 0)
        {
            return sent == ILaneWire.Gone ? LaneWants.Close : LaneWants.Write;
        }

        if (sent < _unsent!.Length)
        {
            _unsent = _unsent[sent..];
            return LaneWants.Write;
        }

        _since = now;
        _unsent = null;
        return _waiting is not null ? LaneWants.Nothing : GoOn(now);
    }

    /// <summary>Goes on once it is known who calls.</summary>
    public LaneWants OnCaller(long now)
    {
        var incoming = _waiting!;
        _waiting = null;
        _since = now;
        var close = MustClose || incoming.Question.Request.WantsClose;
        if (_failure is not null)
        {
            lane.TellFailure(bench, _failure);
            close = true;
        }
        else
        {
            close |= !TryFinish(incoming, close);
        }

        _next = close ? LaneStep.Close : LaneStep.Continue;
        return Send() ? GoOn(now) : _unsent is null ? LaneWants.Close : LaneWants.Write;
    }

    /// <summary>Once a second: ends what takes too long.</summary>
    public LaneWants Look(long now)
    {
        var elapsed = time.GetElapsedTime(_since, now);
        if (_unsent is not null)
        {
            return elapsed >= LanePace.LimitOf(_owed) ? LaneWants.Close : LaneWants.Write;
        }

        if (_waiting is not null)
        {
            return LaneWants.Nothing;
        }

        if (elapsed < (_isPartial ? HeadLimit : IdleLimit))
        {
            return LaneWants.Read;
        }

        if (_isPartial)
        {
            lane.TellTimeout(bench);
            _ = wire.Send(bench.Answers);
            bench.Clear();
        }

        return LaneWants.Close;
    }

    /// <summary>Ends the connection as soon as everything is answered that was asked.</summary>
    public LaneWants BeginClose()
    {
        _closing = true;
        return _unsent is not null ? LaneWants.Write : _waiting is not null ? LaneWants.Nothing : LaneWants.Close;
    }

    /// <summary>Lets go of a connection that has ended, or is another's now.</summary>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        ReturnLarge();
    }

    private LaneWants Work(long now)
    {
        do
        {
            _next = Answer(now);
            if (!Send())
            {
                return _unsent is null ? LaneWants.Close : LaneWants.Write;
            }
        }
        while (_next == LaneStep.Continue);
        return GoOn(now);
    }

    // All answers so far are sent.
    private LaneWants GoOn(long now)
    {
        switch (_next)
        {
            case LaneStep.Continue:
                return Work(now);
            case LaneStep.Wait:
                return LaneWants.Nothing;
            case LaneStep.HandOver:
                return LaneWants.HandOver;
            case LaneStep.Close:
                return LaneWants.Close;
        }

        var isPartial = _start < _end;
        if (isPartial != _isPartial)
        {
            // The time of a request runs from its first part: further ones are no progress.
            _isPartial = isPartial;
            _since = now;
        }

        // Of half a request the server says what is wrong with it.
        return !_ended ? LaneWants.Read : isPartial ? LaneWants.HandOver : LaneWants.Close;
    }

    private LaneStep Answer(long now)
    {
        var incoming = bench.Incoming;
        var request = incoming.Question.Request;
        while (_start < _end)
        {
            switch (request.Read(new ReadOnlySequence<byte>(Buffer, _start, _end - _start), out var length))
            {
                case LaneReading.Incomplete:
                    return LaneStep.Read;
                case LaneReading.Unusual:
                    return LaneStep.HandOver;
            }

            var close = request.WantsClose || MustClose;
            incoming.Attach(peer, _closed.Token);
            var turn = Take(incoming, ref close);
            if (turn == LaneTurn.Server)
            {
                return LaneStep.HandOver;
            }

            _since = now;
            _start += length;
            if (turn == LaneTurn.Waits)
            {
                _waiting = bench.TakeIncoming();
                _ = AwaitAsync();
                return LaneStep.Wait;
            }

            if (close)
            {
                return LaneStep.Close;
            }

            if (bench.Answers.Length > MaxUnsent)
            {
                return LaneStep.Continue;
            }
        }

        (_start, _end) = (0, 0);
        ReturnLarge();
        return LaneStep.Read;
    }

    // What cannot be decided on is not let pass, and whatever the failure is, it is one request's: the others of this thread go on.
    private LaneTurn Take(LaneIncoming incoming, ref bool close)
    {
        try
        {
            return lane.Take(incoming, bench, close, out _pending);
        }
        catch (Exception failure)
        {
            lane.TellFailure(bench, failure);
            close = true;
            return LaneTurn.Answered;
        }
    }

    private bool TryFinish(LaneIncoming incoming, bool close)
    {
        try
        {
            lane.Finish(incoming, _caller, bench, close);
            return true;
        }
        catch (Exception failure)
        {
            lane.TellFailure(bench, failure);
            return false;
        }
    }

    private async Task AwaitAsync()
    {
        try
        {
            _caller = await _pending.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            _failure = failure;
        }

        callerIsKnown(this);
    }

    // Whether all is sent; if not, the rest is kept, or the client is gone and nothing is.
    private bool Send()
    {
        var answers = bench.Answers;
        if (answers.IsEmpty)
        {
            return _unsent is null;
        }

        if (_unsent is not null)
        {
            _unsent = [.. _unsent, .. answers];
            _owed += answers.Length;
            bench.Clear();
            return false;
        }

        var sent = wire.Send(answers);
        if (sent == answers.Length)
        {
            bench.Clear();
            return true;
        }

        _unsent = sent == ILaneWire.Gone ? null : answers[Math.Max(0, sent)..].ToArray();
        _owed = answers.Length;
        bench.Clear();
        return false;
    }

    private void MakeRoom()
    {
        if (_end < Buffer.Length)
        {
            return;
        }

        var rest = Rest;
        if (_start > 0)
        {
            rest.CopyTo(Buffer);
        }
        else
        {
            // Only ever for a request that is longer than usual: one that is longer than this is the server's.
            var large = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
            rest.CopyTo(large);
            ReturnLarge();
            _large = large;
        }

        (_start, _end) = (0, rest.Length);
    }

    private void ReturnLarge()
    {
        if (_large is { } large)
        {
            _large = null;
            ArrayPool<byte>.Shared.Return(large);
        }
    }
}
