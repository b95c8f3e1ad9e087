namespace EdgeGuard.Edge.Sync;

/// <summary>Reads a whole stream, but never more than it should hold.</summary>
internal static class BoundedRead
{
    /// <summary>All bytes.</summary>
    /// <exception cref="InvalidDataException">There are more than <paramref name="limit"/>.</exception>
    public static async Task<byte[]> AllAsync(Stream stream, int limit, CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (all.Length + read > limit)
            {
                throw new InvalidDataException($"more than {limit} bytes");
            }

            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }
}
