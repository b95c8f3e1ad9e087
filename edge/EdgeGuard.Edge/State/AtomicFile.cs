namespace EdgeGuard.Edge.State;

/// <summary>
/// Replaces a file so that a reader, also one after a crash at any point, sees the old content or the new one, whole: written aside with
/// mode 0600, flushed, renamed, and the directory flushed.
/// </summary>
internal static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">Disk full, read-only, or gone; the old content stays.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var aside = path + ".tmp";
        File.Delete(aside);
        using (var file = new FileStream(aside, OwnerOnlyOptions()))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static FileStreamOptions OwnerOnlyOptions()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }
}
