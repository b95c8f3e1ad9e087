using System.IO.MemoryMappedFiles;

namespace EdgeGuard.Edge.Counters;

/// <summary>
/// A file of counters, locked, preallocated and mapped. A completed store to mapped memory belongs to the kernel, so it survives any death
/// of the process. There is no way to unmap: the mapping lives as long as this object, which whoever decides by it keeps, because a pointer
/// into memory that is gone would end the process.
/// </summary>
internal sealed class CounterFile
{
    private readonly FileStream _file;
    private readonly MemoryMappedViewAccessor _view;

    private CounterFile(FileStream file, MemoryMappedViewAccessor view, long bytes)
    {
        _file = file;
        _view = view;
        Bytes = bytes;
    }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; }

    /// <summary>Its first byte in memory.</summary>
    public nint Memory => _view.SafeMemoryMappedViewHandle.DangerousGetHandle();

    /// <summary>Makes a file of zeroes that has all its room on the disk.</summary>
    /// <exception cref="IOException">It exists, or there is no room for it.</exception>
    public static CounterFile Create(string path, long bytes)
    {
        var file = new FileStream(path, Options(FileMode.CreateNew));
        try
        {
            return Map(file, bytes);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens a file as long as it is.</summary>
    /// <exception cref="IOException">It is empty, in use, or has holes that there is no room to fill.</exception>
    public static CounterFile Open(string path)
    {
        var file = new FileStream(path, Options(FileMode.Open));
        try
        {
            return Map(file, file.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Lets the next process have the file. What is still stored through the mapping goes to the file nevertheless.</summary>
    public void Release() => _file.Dispose();

    /// <summary>Flushes everything to the disk, so that a loss of power falls back no further than here.</summary>
    public void Flush() => _view.Flush();

    // Filled also when it exists: a copy that a backup tool has put back may have holes, and a store to a hole of a mapping on a full disk
    // kills the process (SIGBUS).
    private static CounterFile Map(FileStream file, long bytes)
    {
        Preallocation.Fill(file.SafeFileHandle, bytes);
        using var mapped = MemoryMappedFile.CreateFromFile(
            file, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        return new CounterFile(file, mapped.CreateViewAccessor(0, bytes), bytes);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None, // flock(LOCK_EX | LOCK_NB) on Unix; on the file itself, which may be reached by another path.
            BufferSize = 0,
        };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
