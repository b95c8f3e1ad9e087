using System.Text;
using EdgeGuard.Bench.Load.Running;
using EdgeGuard.Testing;

namespace EdgeGuard.Bench.Load.Tests.Running;

/// <summary>A server in virtual time: one request at a time on each connection, answered after a while, and stalls that hold all answers.</summary>
internal sealed class VirtualServer(TestTimeProvider time, int connections) : IConnectionSet
{
    private readonly Queue<TimeSpan>[] _due = [.. Enumerable.Range(0, connections).Select(_ => new Queue<TimeSpan>())];
    private readonly bool[] _reopened = new bool[connections];
    private readonly DateTimeOffset _start = time.GetUtcNow();

    public TimeSpan ServiceTime { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Nothing is answered from here ...</summary>
    public TimeSpan StallFrom { get; init; } = TimeSpan.MaxValue;

    /// <summary>... to here.</summary>
    public TimeSpan StallUntil { get; init; }

    public Func<int, string> Answer { get; init; } = _ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// <summary>Number of the request at which the server closes the connection without an answer.</summary>
    public int ClosesAt { get; init; } = -1;

    /// <summary>Whether the server had closed all connections before the run.</summary>
    public bool HadClosedAll { get; init; }

    public List<TimeSpan> Sent { get; } = [];

    public int Answered { get; private set; }

    public int Reopened { get; private set; }

    public int MostOnOne { get; private set; }

    public int Count => connections;

    private TimeSpan Now => time.GetUtcNow() - _start;

    public bool Send(int connection, ReadOnlySpan<byte> bytes)
    {
        Sent.Add(Now);
        TimeSpan at = Now + ServiceTime;
        _due[connection].Enqueue(at >= StallFrom && at < StallUntil ? StallUntil : at);
        MostOnOne = Math.Max(MostOnOne, _due[connection].Count);
        return true;
    }

    public int Receive(int connection, Span<byte> buffer)
    {
        if (IsClosed(connection))
        {
            return 0;
        }

        if (!_due[connection].TryPeek(out TimeSpan due) || due > Now)
        {
            return -1;
        }

        if (Answered == ClosesAt)
        {
            Answered++;
            return 0;
        }

        _due[connection].Dequeue();
        return Encoding.ASCII.GetBytes(Answer(Answered++), buffer);
    }

    public bool Reopen(int connection)
    {
        Reopened++;
        _reopened[connection] = true;
        _due[connection].Clear();
        return true;
    }

    private bool IsClosed(int connection) => HadClosedAll && !_reopened[connection];

    public int Wait(TimeSpan atMost, Span<int> ready)
    {
        TimeSpan next = _due.Where(queue => queue.Count > 0).Select(queue => queue.Peek()).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        TimeSpan wait = next - Now < atMost ? next - Now : atMost;
        if (wait > TimeSpan.Zero)
        {
            time.Advance(wait);
        }

        int count = 0;
        for (int i = 0; i < connections && count < ready.Length; i++)
        {
            if (IsClosed(i) || (_due[i].TryPeek(out TimeSpan due) && due <= Now))
            {
                ready[count++] = i;
            }
        }

        return count;
    }

    public void Dispose()
    {
    }
}
