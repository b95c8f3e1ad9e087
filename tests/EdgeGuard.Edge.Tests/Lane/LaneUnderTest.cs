using System.Collections.Concurrent;
using System.Net;
using System.Text;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>One connection of a lane in memory: what is sent is worked off on the thread that sends it.</summary>
internal sealed class LaneUnderTest : ILaneWire, IAsyncDisposable
{
    private readonly byte[] _input = new byte[256 * 1024];
    private readonly byte[] _output = new byte[1024 * 1024];
    private readonly ConcurrentQueue<LaneSession> _known = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LaneSession _session;
    private readonly TimeProvider _time;
    private LaneWants _wants = LaneWants.Read;
    private int _read;
    private int _written;
    private int _answered;
    private bool _isLast;

    public LaneUnderTest(DecisionLane lane, TimeProvider time)
    {
        _time = time;
        _session = new LaneSession(lane, new LaneBench(lane), this, IPAddress.Loopback, _known.Enqueue, time);
    }

    /// <summary>Ends with the lane's work.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What the server got to see of the connection; null while it has not taken over.</summary>
    public string? HandedOver { get; private set; }

    /// <summary>How many bytes of answers the client takes.</summary>
    public int Takes { get; set; } = int.MaxValue;

    /// <summary>How often the connection was read, which is a call to the kernel each time.</summary>
    public int Reads { get; private set; }

    /// <summary>How often it was written.</summary>
    public int Writes { get; private set; }

    public void RequestClose() => Apply(_session.BeginClose());

    /// <summary>As a loop once a second.</summary>
    public void Look() => Apply(_session.Look(_time.GetTimestamp()));

    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (HandedOver is not null)
        {
            HandedOver += Encoding.Latin1.GetString(bytes);
            return;
        }

        if (_read == _written)
        {
            (_read, _written) = (0, 0);
        }

        bytes.CopyTo(_input.AsSpan(_written));
        _written += bytes.Length;
        Work();
    }

    public void SendEnd()
    {
        _isLast = true;
        Work();
    }

    /// <summary>All that was answered since the last time.</summary>
    public string Answered()
    {
        Work();
        var text = Encoding.Latin1.GetString(_output, 0, _answered);
        _answered = 0;
        return text;
    }

    /// <summary>Takes the answers and looks at nothing but their first byte of the status.</summary>
    public byte SkipAnswer()
    {
        Assert.True(_answered > 0);
        _answered = 0;
        return _output["HTTP/1.1 ".Length];
    }

    int ILaneWire.Receive(Span<byte> room)
    {
        Reads++;
        var count = Math.Min(room.Length, _written - _read);
        if (count == 0)
        {
            return _isLast ? 0 : ILaneWire.Blocked;
        }

        _input.AsSpan(_read, count).CopyTo(room);
        _read += count;
        return count;
    }

    int ILaneWire.Send(ReadOnlySpan<byte> bytes)
    {
        Writes++;
        var count = Math.Min(bytes.Length, Takes);
        if (count == 0)
        {
            return ILaneWire.Blocked;
        }

        bytes[..count].CopyTo(_output.AsSpan(_answered));
        _answered += count;
        Takes -= Takes == int.MaxValue ? 0 : count;
        return count;
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Work()
    {
        var moved = true;
        while (moved && !_ended.Task.IsCompleted)
        {
            moved = false;
            while (_known.TryDequeue(out var session))
            {
                moved = true;
                Apply(session.OnCaller(_time.GetTimestamp()));
            }

            if (_wants == LaneWants.Read && (_read < _written || _isLast))
            {
                moved = true;
                Apply(_session.OnReadable(_time.GetTimestamp()));
            }
            else if (_wants == LaneWants.Write && Takes > 0)
            {
                moved = true;
                Apply(_session.OnWritable(_time.GetTimestamp()));
            }
        }
    }

    private void Apply(LaneWants wants)
    {
        _wants = wants;
        if (wants == LaneWants.HandOver)
        {
            HandedOver = Encoding.Latin1.GetString(_session.Rest) + Encoding.Latin1.GetString(_input, _read, _written - _read);
        }

        if (wants is LaneWants.HandOver or LaneWants.Close)
        {
            _ended.TrySetResult();
        }
    }
}
