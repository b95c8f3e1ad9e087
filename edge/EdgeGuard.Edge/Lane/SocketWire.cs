using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// A socket that does not block, by recv(2) and send(2) themselves: each call of the framework's counts references and looks at what it might have to wait for. Used by
/// the thread that closes the socket, so its number cannot become another's meanwhile.
/// </summary>
internal sealed partial class SocketWire(Socket socket) : ILaneWire
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    private readonly int _descriptor = (int)socket.SafeHandle.DangerousGetHandle();

    /// <inheritdoc />
    public int Receive(Span<byte> room)
    {
        int count;
        do
        {
            count = (int)ReceiveBytes(_descriptor, ref MemoryMarshal.GetReference(room), room.Length, DontWait);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return count >= 0 ? count : Failure();
    }

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> bytes)
    {
        int count;
        do
        {
            count = (int)SendBytes(_descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return count >= 0 ? count : Failure();
    }

    private static int Failure() => Marshal.GetLastPInvokeError() == TryAgain ? ILaneWire.Blocked : ILaneWire.Gone;

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveBytes(int descriptor, ref byte room, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendBytes(int descriptor, ref byte bytes, nint count, int flags);
}
