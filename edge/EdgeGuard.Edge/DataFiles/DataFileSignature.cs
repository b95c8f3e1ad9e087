using Microsoft.Win32.SafeHandles;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>What a file is recognized by without reading it. Taken from the open file, so that a swapped link shows the file that it leads to.</summary>
internal readonly record struct DataFileSignature(long Length, DateTime Written)
{
    public static DataFileSignature Of(SafeFileHandle file) => new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));

    /// <summary>Of a path.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static DataFileSignature Of(string path)
    {
        using var file = File.OpenHandle(path);
        return Of(file);
    }
}
