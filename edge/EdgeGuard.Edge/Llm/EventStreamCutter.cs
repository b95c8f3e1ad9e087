namespace EdgeGuard.Edge.Llm;

/// <summary>Cuts server-sent events (WHATWG HTML, section 9.2.6) at their empty lines.</summary>
internal sealed class EventStreamCutter : IEventCutter
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly EventBuffer _event = new();
    private readonly EventBuffer _data = new();
    private int _lineStart;
    private bool _afterReturn;
    private bool _hasData;
    private bool _isOver;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <inheritdoc />
    public bool Write(ReadOnlySpan<byte> bytes, IEventSink sink)
    {
        while (!bytes.IsEmpty && !_isOver)
        {
            if (_afterReturn)
            {
                _afterReturn = false;
                if (bytes[0] == LineFeed)
                {
                    TakeFeed(bytes[..1], sink);
                    bytes = bytes[1..];
                    continue;
                }
            }

            var end = bytes.IndexOfAny(LineFeed, CarriageReturn);
            var taken = end < 0 ? bytes : bytes[..(end + 1)];
            if (!_event.TryAdd(taken))
            {
                _isOver = true;
                return false;
            }

            if (end >= 0)
            {
                _afterReturn = bytes[end] == CarriageReturn;
                EndLine(_event.Span[_lineStart..^1], sink);
            }

            bytes = bytes[taken.Length..];
        }

        return !_isOver;
    }

    /// <inheritdoc />
    public void Finish(IEventSink sink)
    {
        if (_event.Length > 0 && !_isOver)
        {
            TakeLine(_event.Span[_lineStart..]);
            Dispatch(sink);
        }
    }

    // The second half of the end of a line that has been taken for its end already.
    private void TakeFeed(ReadOnlySpan<byte> feed, IEventSink sink)
    {
        if (_event.Length == 0)
        {
            _isOver = !sink.Take(feed, default);
            return;
        }

        _isOver = !_event.TryAdd(feed);
        _lineStart = _event.Length;
    }

    private void EndLine(ReadOnlySpan<byte> line, IEventSink sink)
    {
        if (line.IsEmpty)
        {
            Dispatch(sink);
            return;
        }

        TakeLine(line);
        _lineStart = _event.Length;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        line = line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;
        if (!line.StartsWith("data"u8) || (line.Length > 4 && line[4] != ':'))
        {
            return;
        }

        var value = line.Length > 5 ? line[5..] : default;
        value = !value.IsEmpty && value[0] == ' ' ? value[1..] : value;

        // Never longer than the event itself, which fits.
        _ = !_hasData || _data.TryAdd("\n"u8);
        _hasData = true;
        _ = _data.TryAdd(value);
    }

    private void Dispatch(IEventSink sink)
    {
        _isOver = !sink.Take(_event.Span, _data.Span);
        _event.Clear();
        _data.Clear();
        _lineStart = 0;
        _hasData = false;
    }
}
