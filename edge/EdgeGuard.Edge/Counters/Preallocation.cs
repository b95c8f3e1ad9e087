using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGuard.Edge.Counters;

/// <summary>
/// Room on the disk for every byte of a file (posix_fallocate(3)): the framework's own preallocation neither fills the holes of a file that
/// exists nor makes it longer.
/// </summary>
internal static partial class Preallocation
{
    private const int Interrupted = 4;

    /// <summary>A signal may interrupt the call; each time it begins again where it is.</summary>
    private const int MaxAttempts = 100;

    /// <summary>Makes a file so long, and fills all its holes.</summary>
    /// <exception cref="IOException">There is no room, or the file is beyond a limit of this user.</exception>
    public static void Fill(SafeFileHandle file, long bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.SetLength(file, bytes); // NTFS reserves the room unless the file is made sparse on purpose.
            return;
        }

        var error = Interrupted;
        for (var attempt = 0; attempt < MaxAttempts && error == Interrupted; attempt++)
        {
            error = Fallocate(file, 0, bytes);
        }

        if (error != 0)
        {
            throw new IOException($"no room for {bytes} bytes: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fallocate(SafeFileHandle file, long offset, long length);
}
