using System.Buffers;

namespace EdgeGuard.Edge.Lane;

/// <summary>What connections that are served by one thread share while one of them is at work: a reader of questions and room for answers.</summary>
internal sealed class LaneBench(DecisionLane lane) : IBufferWriter<byte>
{
    private byte[] _answers = new byte[64 * 1024];
    private int _length;

    /// <summary>Reads questions.</summary>
    public LaneIncoming Incoming { get; private set; } = lane.Incoming();

    /// <summary>Answers that are not sent yet.</summary>
    public ReadOnlySpan<byte> Answers => _answers.AsSpan(0, _length);

    /// <summary>Gives the reader away, with the question it has read.</summary>
    public LaneIncoming TakeIncoming()
    {
        var taken = Incoming;
        Incoming = lane.Incoming();
        return taken;
    }

    /// <summary>Forgets the answers.</summary>
    public void Clear() => _length = 0;

    /// <inheritdoc />
    public void Advance(int count) => _length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _answers.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _answers.AsSpan(_length);
    }

    private void Reserve(int count)
    {
        if (_answers.Length - _length < Math.Max(1, count))
        {
            Array.Resize(ref _answers, Math.Max(_answers.Length * 2, _length + count));
        }
    }
}
