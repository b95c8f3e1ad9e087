using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// The calls that a socket is read and written with (recv(2), send(2), connect(2)), without waiting: each of the framework's counts references and looks at what it might have to wait for, and registers the
/// socket with a notifier of its own when it connects.
/// </summary>
internal static partial class Kernel
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Peek = 0x2;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int InProgress = 115;

    /// <summary>Reads what is there: how many bytes, 0 at the end of all input, <see cref="ILaneWire.Blocked"/> or <see cref="ILaneWire.Gone"/>.</summary>
    public static int Receive(int descriptor, Span<byte> room) => Receive(descriptor, room, DontWait);

    /// <summary>Whether nothing is there to be read: neither bytes, nor the end of them, nor a failure.</summary>
    public static bool IsSilent(int descriptor)
    {
        Span<byte> one = stackalloc byte[1];
        return Receive(descriptor, one, DontWait | Peek) == ILaneWire.Blocked;
    }

    /// <summary>Writes as much as is taken: how many bytes, <see cref="ILaneWire.Blocked"/> or <see cref="ILaneWire.Gone"/>.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var count = SendBytes(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal);
            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case TryAgain:
                    return ILaneWire.Blocked;
                default:
                    return ILaneWire.Gone;
            }
        }
    }

    /// <summary>Begins to connect; false when that has failed already. It has succeeded once the socket is writable without an error.</summary>
    public static bool BeginConnect(Socket socket, IPEndPoint endpoint)
    {
        var address = endpoint.Serialize();
        var result = ConnectTo((int)socket.SafeHandle.DangerousGetHandle(), ref MemoryMarshal.GetReference(address.Buffer.Span), address.Size);
        return result == 0 || Marshal.GetLastPInvokeError() is InProgress or Interrupted;
    }

    private static int Receive(int descriptor, Span<byte> room, int flags)
    {
        while (true)
        {
            var count = ReceiveBytes(descriptor, ref MemoryMarshal.GetReference(room), room.Length, flags);
            if (count >= 0)
            {
                return (int)count;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case TryAgain:
                    return ILaneWire.Blocked;
                default:
                    return ILaneWire.Gone;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveBytes(int descriptor, ref byte room, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendBytes(int descriptor, ref byte bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ConnectTo(int descriptor, ref byte address, int length);
}
