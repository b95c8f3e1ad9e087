using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>
/// Readiness of many sockets in one call (epoll(7)), level-triggered. The asynchronous sockets of .NET would add two changes of thread
/// to every answer, 10 to 20 microseconds that the server under test has no part in.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const uint Readable = 0x1;
    private const int CloseOnExec = 0x80000;
    private const int Capacity = 256;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + 8;

    private readonly byte[] _events = new byte[Capacity * EventBytes];
    private readonly int _descriptor;

    public Epoll()
    {
        _descriptor = EpollCreate(CloseOnExec);
        if (_descriptor < 0)
        {
            throw new InvalidOperationException($"epoll_create1 failed with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Watches a socket until it is closed.</summary>
    public void Watch(Socket socket, int number)
    {
        Span<byte> interest = stackalloc byte[EventBytes];
        interest.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(interest, Readable);
        BinaryPrimitives.WriteInt32LittleEndian(interest[DataOffset..], number);
        if (EpollControl(_descriptor, Add, (int)socket.Handle, ref MemoryMarshal.GetReference(interest)) < 0)
        {
            throw new InvalidOperationException($"epoll_ctl failed with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Fills in the numbers of sockets that can be read, or have ended.</summary>
    /// <param name="milliseconds">0 looks without waiting.</param>
    /// <param name="ready">Where the numbers go.</param>
    public int Wait(int milliseconds, Span<int> ready)
    {
        int count = EpollWait(_descriptor, ref _events[0], Math.Min(Capacity, ready.Length), milliseconds);
        for (int i = 0; i < count; i++)
        {
            ready[i] = BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((i * EventBytes) + DataOffset));
        }

        // Interrupted by a signal (EINTR): nothing is ready.
        return Math.Max(0, count);
    }

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int descriptor, ref byte interest);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int EpollWait(int epoll, ref byte events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
