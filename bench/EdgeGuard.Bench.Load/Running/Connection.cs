using EdgeGuard.Bench.Load.Responses;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>What is under way on one connection, oldest first.</summary>
internal sealed class Connection(ResponseReader reader, int depth)
{
    private readonly long[] _planned = new long[depth];
    private int _oldest;

    public ResponseReader Reader { get; } = reader;

    public byte[] Buffer { get; } = new byte[ResponseReader.MaxHeadBytes];

    /// <summary>Bytes of <see cref="Buffer"/> that wait for more.</summary>
    public int Filled { get; set; }

    public int UnderWay { get; private set; }

    /// <summary>Moment at which a request could have been sent.</summary>
    public long FreeSince { get; set; } = long.MinValue;

    public void Sent(long planned) => _planned[(_oldest + UnderWay++) % _planned.Length] = planned;

    /// <summary>The planned moment of the oldest request, which is answered now, or never.</summary>
    public long TakeOldest()
    {
        long planned = _planned[_oldest];
        _oldest = (_oldest + 1) % _planned.Length;
        UnderWay--;
        return planned;
    }

    public void Reset()
    {
        Filled = 0;
        Reader.Reset();
    }
}
