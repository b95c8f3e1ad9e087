namespace EdgeGuard.Edge.Usage;

/// <summary>
/// Usage in server-sent events (WHATWG HTML, section 9.2.6): each event's data is a JSON document of its own. Keeps the scanner's buffer and nothing else of
/// the stream.
/// </summary>
internal sealed class EventStreamScanner(JsonUsageScanner json, StreamedContent? content = null) : IUsageScanner
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private State _state = State.Field;
    private int _matched;
    private bool _afterReturn;

    private static ReadOnlySpan<byte> Data => "data:"u8;

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                if (bytes[0] == LineFeed)
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny(LineFeed, CarriageReturn);
            var line = end < 0 ? bytes : bytes[..end];
            Take(line);
            if (end < 0)
            {
                return;
            }

            EndLine();
            _afterReturn = bytes[end] == CarriageReturn;
            bytes = bytes[(end + 1)..];
        }
    }

    // Part of a line.
    private void Take(ReadOnlySpan<byte> part)
    {
        while (_state == State.Field && !part.IsEmpty)
        {
            _state = part[0] != Data[_matched] ? State.Other : ++_matched == Data.Length ? State.Data : State.Field;
            part = part[1..];
        }

        if (_state == State.Data)
        {
            json.Write(part);
            content?.Write(part);
        }
    }

    private void EndLine()
    {
        if (_state == State.Field && _matched == 0)
        {
            // An empty line ends the event.
            json.Reset();
            content?.Reset();
        }

        _state = State.Field;
        _matched = 0;
    }

    private enum State : byte
    {
        Field,
        Data,
        Other,
    }
}
