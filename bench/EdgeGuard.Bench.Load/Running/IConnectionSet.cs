namespace EdgeGuard.Bench.Load.Running;

/// <summary>Connections to one server that never block on reading. Tests put a server in virtual time behind it.</summary>
internal interface IConnectionSet : IDisposable
{
    int Count { get; }

    /// <summary>Sends all of it. False when the connection is gone.</summary>
    bool Send(int connection, ReadOnlySpan<byte> bytes);

    /// <summary>Reads what has arrived: 0 at the end of the connection or after an error, -1 when nothing has.</summary>
    int Receive(int connection, Span<byte> buffer);

    /// <summary>Replaces a connection by a new one. False when the server does not take it.</summary>
    bool Reopen(int connection);

    /// <summary>Waits until connections have something to read, or at most so long; may come back earlier with none.</summary>
    /// <returns>How many of <paramref name="ready"/> are filled.</returns>
    int Wait(TimeSpan atMost, Span<int> ready);
}
