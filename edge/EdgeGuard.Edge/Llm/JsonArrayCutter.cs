namespace EdgeGuard.Edge.Llm;

/// <summary>Cuts a JSON array at the ends of its objects, as Gemini streams without <c>alt=sse</c>.</summary>
internal sealed class JsonArrayCutter : IEventCutter
{
    private readonly EventBuffer _event = new();
    private int _depth;
    private int _start;
    private bool _inString;
    private bool _escaped;
    private bool _isOver;

    /// <inheritdoc />
    public bool Write(ReadOnlySpan<byte> bytes, IEventSink sink)
    {
        while (!bytes.IsEmpty && !_isOver)
        {
            var (used, isEnd) = Scan(bytes);
            if (!_event.TryAdd(bytes[..used]))
            {
                _isOver = true;
                return false;
            }

            bytes = bytes[used..];
            if (isEnd)
            {
                _isOver = !sink.Take(_event.Span, _event.Span[_start..]);
                _event.Clear();
            }
        }

        return !_isOver;
    }

    /// <inheritdoc />
    public void Finish(IEventSink sink)
    {
        if (_event.Length > 0 && !_isOver)
        {
            // The closing bracket; or what has no end, and is looked at as it is.
            sink.Take(_event.Span, _depth > 1 ? _event.Span[_start..] : default);
            _event.Clear();
        }
    }

    // How many bytes belong to what is being read, and whether they end an object of the array.
    private (int Used, bool IsEnd) Scan(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var b = bytes[i];
            if (_inString)
            {
                _inString = _escaped || b != '"';
                _escaped = !_escaped && b == '\\';
                continue;
            }

            switch (b)
            {
                case (byte)'"':
                    _inString = true;
                    break;
                case (byte)'{' or (byte)'[':
                    if (++_depth == 2)
                    {
                        _start = _event.Length + i;
                    }

                    break;
                case (byte)'}' or (byte)']' when _depth > 0 && --_depth == 1:
                    return (i + 1, true);
                default:
                    break;
            }
        }

        return (bytes.Length, false);
    }
}
