using EdgeGuard.Bench.Load.Arrivals;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Bench.Load.Responses;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>
/// One run against one server, on the calling thread. In an open loop the plan says when each request is due, whatever the server does:
/// a request that finds no free connection stays due, and its latency counts from its planned moment (what wrk2 does, and wrk, hey and
/// h2load do not). So a server that stalls for a second is charged with everything that should have happened in that second.
/// </summary>
internal sealed class LoadRun
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly LoadSettings _settings;
    private readonly IConnectionSet _set;
    private readonly RequestTemplate _template;
    private readonly TimeProvider _time;
    private readonly Connection[] _connections;
    private readonly Queue<int> _free = new();
    private readonly LoadResult _result = new();
    private readonly double _nanosecondsPerTick;
    private long _measureFrom;
    private long _end;
    private int _underWay;

    public LoadRun(LoadSettings settings, IConnectionSet set, RequestTemplate template, ResponseExpectation expectation, TimeProvider time)
    {
        _settings = settings;
        _set = set;
        _template = template;
        _time = time;
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
        _connections = [.. Enumerable.Range(0, set.Count).Select(_ => new Connection(new ResponseReader(expectation, settings.AnswersHead), settings.Pipeline))];
        // In turns, so that few requests use all connections too.
        for (int depth = 0; depth < settings.Pipeline; depth++)
        {
            for (int i = 0; i < set.Count; i++)
            {
                _free.Enqueue(i);
            }
        }
    }

    public LoadResult Run()
    {
        ReopenClosed();
        long start = _time.GetTimestamp();
        _measureFrom = start + Ticks(_settings.WarmUp);
        _end = _measureFrom + Ticks(_settings.Duration);
        long giveUp = _end + Ticks(_settings.Drain);
        _result.MeasuredSeconds = _settings.Duration.TotalSeconds;
        IArrivals arrivals = Plan(start);
        Span<int> ready = stackalloc int[64];
        while (true)
        {
            long now = _time.GetTimestamp();
            now = SendDue(arrivals, now);
            long due = arrivals.NextDue(now);
            if ((due == long.MaxValue && _underWay == 0) || now >= giveUp)
            {
                GiveUp(arrivals, now);
                return _result;
            }

            int count = _set.Wait(_free.Count > 0 ? UntilDue(due, now) : LongestWait, ready);
            for (int i = 0; i < count; i++)
            {
                Receive(ready[i]);
            }
        }
    }

    /// <summary>Of connections that stood idle since an earlier run the server may have closed some: they are opened anew before anything is sent on them.</summary>
    private void ReopenClosed()
    {
        Span<int> ready = stackalloc int[64];
        for (int left = _connections.Length; left > 0; left--)
        {
            int count = _set.Wait(TimeSpan.Zero, ready);
            if (count == 0)
            {
                return;
            }

            for (int i = 0; i < count; i++)
            {
                Receive(ready[i]);
            }
        }
    }

    private IArrivals Plan(long start)
    {
        double between = _settings.Rate > 0 ? _time.TimestampFrequency / _settings.Rate : 0;
        return _settings.Rate <= 0 ? new ClosedLoopArrivals(_end)
            : _settings.Poisson ? new PoissonArrivals(start, _end, between, _settings.Seed)
            : new ConstantArrivals(start, _end, between);
    }

    private TimeSpan UntilDue(long due, long now)
    {
        // The comparison first: nothing may be due any more, and that difference would overflow.
        long most = Ticks(LongestWait);
        return due - now >= most || due == long.MaxValue ? LongestWait : _time.GetElapsedTime(now, Math.Max(now, due));
    }

    private long SendDue(IArrivals arrivals, long now)
    {
        while (_free.Count > 0)
        {
            long due = arrivals.NextDue(now);
            if (due > now)
            {
                return now;
            }

            arrivals.Take();
            int number = _free.Dequeue();
            Connection connection = _connections[number];
            if (due >= _measureFrom)
            {
                _result.ClientLag.Record(Nanoseconds(now - Math.Max(due, connection.FreeSince)));
            }

            connection.Sent(due);
            _underWay++;
            if (!_set.Send(number, _template.Next()))
            {
                Break(number);
            }

            now = _time.GetTimestamp();
        }

        return now;
    }

    private void Receive(int number)
    {
        Connection connection = _connections[number];
        int received = _set.Receive(number, connection.Buffer.AsSpan(connection.Filled));
        if (received < 0)
        {
            return;
        }

        if (received == 0)
        {
            End(number);
            return;
        }

        long now = _time.GetTimestamp();
        _result.BytesReceived += received;
        connection.Filled += received;
        int from = 0;
        while (from < connection.Filled)
        {
            ReadOutcome outcome = connection.Reader.Read(connection.Buffer.AsSpan(from, connection.Filled - from), out int consumed);
            from += consumed;
            if (outcome == ReadOutcome.NeedsMore)
            {
                break;
            }

            // An answer that nobody asked for is no answer.
            if (outcome == ReadOutcome.Malformed || connection.UnderWay == 0)
            {
                Break(number);
                return;
            }

            Complete(number, connection, now);
            if (connection.Reader.Closes)
            {
                End(number);
                return;
            }
        }

        connection.Buffer.AsSpan(from, connection.Filled - from).CopyTo(connection.Buffer);
        connection.Filled -= from;
    }

    private void Complete(int number, Connection connection, long now)
    {
        long planned = connection.TakeOldest();
        _underWay--;
        _result.Answered++;
        if (now >= _measureFrom && now < _end)
        {
            _result.AnsweredInTime++;
        }

        if (planned >= _measureFrom)
        {
            _result.Latency.Record(Nanoseconds(now - planned));
        }

        if (!connection.Reader.IsRight)
        {
            _result.Wrong++;
            _result.WrongStatuses[connection.Reader.Status] = _result.WrongStatuses.GetValueOrDefault(connection.Reader.Status) + 1;
        }

        connection.FreeSince = now;
        _free.Enqueue(number);
    }

    /// <summary>The server has closed a connection: in order, unless something is under way.</summary>
    private void End(int number)
    {
        if (_connections[number].UnderWay > 0 || _connections[number].Filled > 0 && !_connections[number].Reader.Closes)
        {
            Break(number);
            return;
        }

        _connections[number].Reset();
        _result.Reopened++;
        if (!_set.Reopen(number))
        {
            _result.Broken++;
        }
    }

    private void Break(int number)
    {
        Connection connection = _connections[number];
        _result.Broken++;
        long now = _time.GetTimestamp();
        while (connection.UnderWay > 0)
        {
            Abandon(connection.TakeOldest(), now);
            _underWay--;
            connection.FreeSince = now;
            _free.Enqueue(number);
        }

        connection.Reset();
        _ = _set.Reopen(number);
    }

    private void Abandon(long planned, long now)
    {
        _result.Unanswered++;
        if (planned >= _measureFrom)
        {
            _result.Latency.Record(Nanoseconds(now - planned));
        }
    }

    private void GiveUp(IArrivals arrivals, long now)
    {
        foreach (Connection connection in _connections)
        {
            while (connection.UnderWay > 0)
            {
                Abandon(connection.TakeOldest(), now);
            }
        }

        for (long due = arrivals.NextDue(now); due != long.MaxValue; due = arrivals.NextDue(now))
        {
            arrivals.Take();
            Abandon(due, now);
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private long Nanoseconds(long ticks) => (long)(ticks * _nanosecondsPerTick);
}
