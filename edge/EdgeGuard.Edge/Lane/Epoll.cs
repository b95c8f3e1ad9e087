using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Lane;

/// <summary>The kernel's notifier of what arrives on many sockets (epoll(7), eventfd(2)), which the framework keeps to itself.</summary>
internal static partial class Epoll
{
    public const int Add = 1;
    public const int Remove = 2;
    public const int Change = 3;
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;

    /// <summary>The other end sends nothing any more.</summary>
    public const uint PeerClosed = 0x2000;

    /// <summary>Tells of what is new only, and not again of what was told already.</summary>
    public const uint OnlyNews = 1U << 31;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    // The kernel packs its record on x86-64 only.
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Length of one record: flags, and what was given along when the socket was added.</summary>
    public static int RecordBytes { get; } = IsPacked ? 12 : 16;

    private static int DataOffset { get; } = IsPacked ? 4 : 8;

    /// <summary>A new set of sockets.</summary>
    public static int Create() => Checked(CreateSet(CloseOnExec), "epoll_create1");

    /// <summary>A descriptor that becomes readable with <see cref="Wake"/>.</summary>
    public static int CreateWaker() => Checked(CreateEvent(0, CloseOnExec | NonBlocking), "eventfd");

    /// <summary>Adds, changes or removes a descriptor.</summary>
    /// <param name="set">The set.</param>
    /// <param name="what">What to do.</param>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="flags">What to tell of.</param>
    /// <param name="data">What to tell along.</param>
    public static void Control(int set, int what, int descriptor, uint flags, int data)
    {
        Span<byte> record = stackalloc byte[16];
        record.Clear();
        MemoryMarshal.Write(record, flags);
        MemoryMarshal.Write(record[DataOffset..], data);
        _ = Checked(ControlSet(set, what, descriptor, ref MemoryMarshal.GetReference(record)), "epoll_ctl");
    }

    /// <summary>Waits for something to happen; how many records there are.</summary>
    public static int Wait(int set, byte[] records, int milliseconds) =>
        WaitSet(set, ref MemoryMarshal.GetArrayDataReference(records), records.Length / RecordBytes, milliseconds);

    /// <summary>One record.</summary>
    public static (uint Flags, int Data) Record(byte[] records, int index)
    {
        var record = records.AsSpan(index * RecordBytes, RecordBytes);
        return (MemoryMarshal.Read<uint>(record), MemoryMarshal.Read<int>(record[DataOffset..]));
    }

    /// <summary>Makes a waker readable.</summary>
    public static void Wake(int waker)
    {
        var one = 1L;
        _ = Write(waker, ref one, sizeof(long));
    }

    /// <summary>Makes a waker not readable.</summary>
    public static void Sleep(int waker)
    {
        var count = 0L;
        _ = Read(waker, ref count, sizeof(long));
    }

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateSet(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ControlSet(int set, int what, int descriptor, ref byte record);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitSet(int set, ref byte records, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, ref long value, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, ref long value, nint count);

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");
}
