using System.Globalization;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>A message as its receiver has to understand it: first line, headers, body without its framing, and how that was framed.</summary>
internal sealed record RawMessage(string Line, IReadOnlyList<(string Name, string Value)> Headers, string Framing, string Body, int Length)
{
    /// <summary>Reads the message that a text begins with; null for less than a whole one.</summary>
    /// <param name="text">Bytes as characters.</param>
    /// <param name="noBody">Whether it has none, whatever its head says.</param>
    /// <param name="untilClose">Whether a body without a length goes on to the end.</param>
    public static RawMessage? Read(string text, bool noBody = false, bool untilClose = false)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Select(pair => (pair[0].ToLowerInvariant(), pair[1].Trim())).ToArray();
        var rest = text[(end + 4)..];
        var (framing, body, length) = noBody ? ("none", string.Empty, 0)
            : ValueOf(headers, "transfer-encoding") is { } coding ? (coding, Chunks(rest, out var read), read)
            : ValueOf(headers, "content-length") is { } told ? ("length", Cut(rest, int.Parse(told, CultureInfo.InvariantCulture), out read), read)
            : untilClose ? ("close", rest, rest.Length)
            : ("none", string.Empty, 0);
        return body is null ? null : new RawMessage(lines[0], headers, framing, body, end + 4 + length);
    }

    /// <summary>First value of a header, or null.</summary>
    public string? this[string name] => ValueOf(Headers, name);

    private static string? ValueOf(IEnumerable<(string Name, string Value)> headers, string name) =>
        headers.Where(header => header.Name == name).Select(header => header.Value).FirstOrDefault();

    private static string? Cut(string rest, int length, out int read)
    {
        read = length;
        return rest.Length < length ? null : rest[..length];
    }

    // As strict as can be: what is passed on must be in chunks without anything else.
    private static string? Chunks(string rest, out int read)
    {
        var body = string.Empty;
        read = 0;
        while (true)
        {
            var line = rest.IndexOf("\r\n", read, StringComparison.Ordinal);
            if (line < 0)
            {
                return null;
            }

            var size = int.Parse(rest[read..line], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            read = line + 2;
            if (rest.Length < read + size + 2)
            {
                return null;
            }

            body += rest.Substring(read, size);
            Assert.Equal("\r\n", rest.Substring(read + size, 2));
            read += size + 2;
            if (size == 0)
            {
                return body;
            }
        }
    }
}
