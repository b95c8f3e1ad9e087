using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeGuard.Edge.Counters;

/// <summary>
/// CLOCK_BOOTTIME (clock_gettime(2)) and the kernel's boot id (random(4)). The framework's timestamps are CLOCK_MONOTONIC, which stands
/// still while the machine is suspended: every window would grow by that.
/// </summary>
internal sealed partial class LinuxBootClock : IBootClock
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private LinuxBootClock(UInt128 boot) => Boot = boot;

    /// <inheritdoc />
    public UInt128 Boot { get; }

    /// <inheritdoc />
    public long Nanoseconds
    {
        get
        {
            _ = GetTime(ClockBootTime, out var time);
            return (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
        }
    }

    /// <summary>The machine's clock, or null where there is none.</summary>
    public static LinuxBootClock? TryCreate()
    {
        if (!OperatingSystem.IsLinux() || nint.Size != sizeof(long) || GetTime(ClockBootTime, out _) != 0)
        {
            return null;
        }

        // Without an id every start counts as a new boot.
        return new LinuxBootClock(ReadBootId() ?? BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
    }

    private static UInt128? ReadBootId()
    {
        try
        {
            var text = File.ReadAllText(BootIdFile).Trim().Replace("-", string.Empty, StringComparison.Ordinal);
            return UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var boot) ? boot : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Answered by the vDSO without a system call, in some 25 ns: not worth a transition of the garbage collector's.
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
