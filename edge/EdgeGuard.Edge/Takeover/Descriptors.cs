using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// Passes open descriptors over a Unix socket (SCM_RIGHTS, unix(7)) and tells who is at its other end (SO_PEERCRED), for which the framework
/// has no calls. In the layout of 64-bit Linux.
/// </summary>
internal static partial class Descriptors
{
    /// <summary>Most that are passed at once.</summary>
    public const int Most = 16;

    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int PeerCredentials = 17;
    private const int HeaderBytes = 16;

    /// <summary>MSG_CMSG_CLOEXEC: no child process inherits what is received.</summary>
    private const int CloseOnExec = 0x40000000;

    /// <summary>User of this process.</summary>
    public static uint OwnUser => EffectiveUser();

    /// <summary>User of the process at the other end.</summary>
    public static uint PeerUser(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12]; // pid, uid, gid
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return MemoryMarshal.Read<uint>(credentials[4..]);
    }

    /// <summary>Sends a text with descriptors, as one message.</summary>
    /// <exception cref="Win32Exception">It could not be sent.</exception>
    public static void Send(Socket socket, byte[] text, ReadOnlySpan<int> descriptors)
    {
        var control = new byte[HeaderBytes + (Most * sizeof(int))];
        var length = HeaderBytes + (descriptors.Length * sizeof(int));
        MemoryMarshal.Write(control, (long)length);
        MemoryMarshal.Write(control.AsSpan(8), SocketLevel);
        MemoryMarshal.Write(control.AsSpan(12), Rights);
        MemoryMarshal.AsBytes(descriptors).CopyTo(control.AsSpan(HeaderBytes));
        var sent = Call(text, control, length, message => SendMessage(socket.SafeHandle, in message, 0));
        if (sent != text.Length)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Receives what <see cref="Send"/> sent: the bytes of the text, and the descriptors, which belong to the caller.</summary>
    /// <exception cref="Win32Exception">Nothing could be received.</exception>
    public static (int Bytes, int[] Received) Receive(Socket socket, byte[] text)
    {
        var control = new byte[HeaderBytes + (Most * sizeof(int))];
        var bytes = Call(text, control, control.Length, message => ReceiveMessage(socket.SafeHandle, ref message, CloseOnExec));
        if (bytes < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        // The kernel writes the length of the header and of what follows it; nothing at all when no descriptors came.
        var length = (int)MemoryMarshal.Read<long>(control);
        return length < HeaderBytes || MemoryMarshal.Read<int>(control.AsSpan(12)) != Rights
            ? (bytes, [])
            : (bytes, MemoryMarshal.Cast<byte, int>(control.AsSpan(HeaderBytes, length - HeaderBytes)).ToArray());
    }

    private static int Call(byte[] text, byte[] control, int controlBytes, Func<Message, nint> call)
    {
        var textPin = GCHandle.Alloc(text, GCHandleType.Pinned);
        var controlPin = GCHandle.Alloc(control, GCHandleType.Pinned);
        var vectorPin = GCHandle.Alloc(new[] { textPin.AddrOfPinnedObject(), (nint)text.Length }, GCHandleType.Pinned);
        try
        {
            return (int)call(new Message
            {
                Vectors = vectorPin.AddrOfPinnedObject(),
                VectorCount = 1,
                Control = controlPin.AddrOfPinnedObject(),
                ControlBytes = controlBytes,
            });
        }
        finally
        {
            vectorPin.Free();
            controlPin.Free();
            textPin.Free();
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SendMessage(SafeHandle socket, in Message message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReceiveMessage(SafeHandle socket, ref Message message, int flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    /// <summary>msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public nint Name;
        public nint NameBytes;
        public nint Vectors;
        public nint VectorCount;
        public nint Control;
        public nint ControlBytes;
        public nint Flags;
    }
}
