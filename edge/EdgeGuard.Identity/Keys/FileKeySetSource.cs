namespace EdgeGuard.Identity.Keys;

/// <summary>
/// A key set in a file. It is read again every few seconds instead of being watched: notifications miss the symlink swaps by which Kubernetes
/// replaces mounted files.
/// </summary>
internal sealed class FileKeySetSource(string issuerId, string path) : IKeySetSource
{
    /// <inheritdoc />
    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task<KeySetRead> FetchAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);
            var content = await BoundedRead.Async(file, JwkSetReader.MaxBytes, cancellation);
            return content is null
                ? Failed(issuerId, $"the file is larger than {JwkSetReader.MaxBytes} bytes")
                : JwkSetReader.Read(content, issuerId);
        }
        catch (Exception problem) when (IsUnreadable(problem))
        {
            return Failed(issuerId, Why(problem));
        }
    }

    /// <summary>Reads a file once, at once.</summary>
    public static KeySetRead Read(string issuerId, string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > JwkSetReader.MaxBytes }
                ? Failed(issuerId, $"the file is larger than {JwkSetReader.MaxBytes} bytes")
                : JwkSetReader.Read(File.ReadAllBytes(path), issuerId);
        }
        catch (Exception problem) when (IsUnreadable(problem))
        {
            return Failed(issuerId, Why(problem));
        }
    }

    private static bool IsUnreadable(Exception problem) =>
        problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static string Why(Exception problem) =>
        problem is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist" : "the file cannot be read";

    private static KeySetRead Failed(string issuerId, string why) => KeySetRead.Failed(
        IdentityCodes.FileUnreadable,
        issuerId,
        $"the key set file cannot be used: {why}",
        "check jwks_file, and that the edge's user may read it");
}
