using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bodies;

/// <summary>Memory of all bodies that are kept at a time. What does not fit is refused, never waited for: who waits keeps what it has already.</summary>
internal sealed class BodyBudget(EdgeOptions options)
{
    private readonly long _limit = options.Bodies.MemoryBytes;
    private long _used;

    /// <summary>Bytes in use.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes so many bytes, all or none.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(int bytes) => Interlocked.Add(ref _used, -bytes);
}
