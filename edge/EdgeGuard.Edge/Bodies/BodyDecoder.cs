using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Bodies;

/// <summary>
/// Reads a compressed body for limits, never beyond what they look at: of a few kilobytes that stand for gigabytes only that much is made. What is
/// forwarded stays as it came.
/// </summary>
internal static class BodyDecoder
{
    /// <summary>Whether a Content-Encoding says that the bytes are not the content itself.</summary>
    public static bool IsCoded(StringValues encoding) => encoding.Count > 1
        || (encoding.Count == 1 && encoding[0]!.Length > 0 && !encoding[0]!.Equals("identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Decodes a whole body. What is in an unknown or repeated coding, breaks the coding's rules or is longer than the bound is marked: limits that
    /// have to look inside refuse it, and others go on with its bytes.
    /// </summary>
    /// <returns>False when there was no memory for it.</returns>
    public static bool TryDecode(RequestBody body, StringValues encoding, int limit, BodyBudget budget)
    {
        var segment = body.Raw.Segment;
        using var coded = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        using var decoder = Open(encoding, coded);
        if (decoder is null)
        {
            body.IsOpaque = true;
            return true;
        }

        var decoded = new PooledBytes(budget);
        try
        {
            while (decoded.Length <= limit)
            {
                var room = decoded.Room(limit + 1);
                if (room.IsEmpty)
                {
                    decoded.Dispose();
                    return false;
                }

                var count = decoder.Read(room.Span);
                if (count == 0)
                {
                    body.Keep(decoded);
                    return true;
                }

                decoded.Advance(count);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException)
        {
            // Not what it says it is.
        }

        decoded.Dispose();
        body.IsOpaque = true;
        return true;
    }

    private static Stream? Open(StringValues encoding, Stream coded) => encoding.Count != 1 ? null : encoding[0]!.Trim().ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => new GZipStream(coded, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(coded, CompressionMode.Decompress),
        "BR" => new BrotliStream(coded, CompressionMode.Decompress),
        _ => null,
    };
}
