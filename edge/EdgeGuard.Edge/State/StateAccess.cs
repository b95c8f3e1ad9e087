using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.State;

/// <summary>Makes a state directory, its permissions and its owner's lock.</summary>
internal static class StateAccess
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>What an IOException carries when flock(2) answers EWOULDBLOCK: the raw error number on Unix.</summary>
    private const int LinuxWouldBlock = 11;

    private const int MacWouldBlock = 35;

    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>
    /// Makes the directory with mode 0700. One that exists is narrowed to that when it is empty or ours already; any other is left as it is,
    /// because narrowing a folder that somebody else uses too would break them, and a warning is returned instead.
    /// </summary>
    public static Diagnostic? Prepare(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return null;
        }

        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) == UnixFileMode.None)
        {
            return null;
        }

        try
        {
            if (File.Exists(Path.Combine(path, StateFiles.Lock)) || !Directory.EnumerateFileSystemEntries(path).Any())
            {
                File.SetUnixFileMode(path, OwnerOnly);
                return null;
            }
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            // A volume that belongs to root and is writable through its group (Kubernetes fsGroup) cannot be narrowed by us: warn.
        }

        return new Diagnostic(
            StateCodes.OpenToOthers, Severity.Warning, SourceLocation.None, string.Empty,
            $"the state directory {path} has mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}: others on this machine may reach into it",
            $"chmod 700 {path}, or choose a directory that nothing else uses");
    }

    /// <summary>Takes the owner's lock. It ends with the process, however that ends.</summary>
    /// <exception cref="StateException">Another process holds it.</exception>
    public static FileStream Lock(string path)
    {
        var file = Path.Combine(path, StateFiles.Lock);
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None, // flock(LOCK_EX | LOCK_NB) on Unix
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FileStream(file, options);
        }
        catch (IOException failure) when (IsLocked(failure))
        {
            throw new StateException(
                new Diagnostic(
                    StateCodes.OwnedByAnother, Severity.Error, SourceLocation.None, string.Empty,
                    $"the state directory {path} is in use by another edge",
                    $"stop the other edge (fuser {file} names its process), or give this one its own directory (EDGEGUARD_STATE_DIR)"),
                failure);
        }
    }

    /// <summary>Whether a file could not be opened because another process holds its lock.</summary>
    public static bool IsLocked(IOException failure) => failure.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation;

    /// <summary>What is reported of a directory that cannot be used.</summary>
    public static Diagnostic NotWritable(string path, Exception failure) => new(
        StateCodes.NotWritable, Severity.Error, SourceLocation.None, string.Empty,
        $"the state directory {path} cannot be used: {failure.Message}",
        "mount a writable volume there, choose another with EDGEGUARD_STATE_DIR, or accept that nothing survives a restart with state: ephemeral");
}
