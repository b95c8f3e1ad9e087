using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Leases;

/// <summary>
/// Which file a path leads to, by device, inode and time of birth (statx(2)): another file under the same name, a copy that was put back among them, has
/// another identity. The framework tells none of the three.
/// </summary>
internal static partial class FileIdentity
{
    private const int CurrentDirectory = -100;
    private const uint InodeAndBirth = 0x100 | 0x800;

    // Offsets in struct statx, which is the same on every Linux.
    private const int StatxBytes = 256;
    private const int Inode = 32;
    private const int BirthSeconds = 80;
    private const int BirthNanoseconds = 88;
    private const int DeviceMajor = 136;
    private const int DeviceMinor = 140;

    /// <summary>The identity as text; null where it cannot be told.</summary>
    public static string? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> stat = stackalloc byte[StatxBytes];
        try
        {
            if (Statx(CurrentDirectory, path, 0, InodeAndBirth, ref MemoryMarshal.GetReference(stat)) != 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without the call, such as an old musl.
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Word(stat, DeviceMajor)}:{Word(stat, DeviceMinor)} {Long(stat, Inode)} {Long(stat, BirthSeconds)}.{Word(stat, BirthNanoseconds)}");
    }

    private static uint Word(ReadOnlySpan<byte> stat, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(stat[offset..]);

    private static ulong Long(ReadOnlySpan<byte> stat, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(stat[offset..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte stat);
}
