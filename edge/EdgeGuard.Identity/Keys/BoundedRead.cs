namespace EdgeGuard.Identity.Keys;

/// <summary>Reads a stream to its end, but not beyond a bound.</summary>
internal static class BoundedRead
{
    /// <summary>The content, or null when there is more than <paramref name="maxBytes"/> of it.</summary>
    public static async Task<byte[]?> Async(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        var buffer = new byte[maxBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > maxBytes ? null : buffer[..length];
    }
}
