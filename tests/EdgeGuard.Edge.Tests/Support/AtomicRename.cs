using System.ComponentModel;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>rename(2): replaces a symbolic link to a folder in one step, which File.Move and Directory.Move cannot.</summary>
internal static class AtomicRename
{
    public static void Replace(string from, string to)
    {
        if (Rename(from, to) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "rename", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(string from, string to);
}
