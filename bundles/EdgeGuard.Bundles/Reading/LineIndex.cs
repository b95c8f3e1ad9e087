namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Lines and columns for rising byte offsets of a text, each byte looked at once: canonical JSON is one line, and a bundle's
/// 300 000 values must not each search back for theirs.
/// </summary>
internal struct LineIndex
{
    private int _line;
    private int _lineStart;
    private int _nextLine;

    /// <summary>Moves forward to an offset and tells where that is.</summary>
    public (int Line, int Column) Advance(ReadOnlySpan<byte> text, int offset)
    {
        if (_line == 0)
        {
            _line = 1;
            _nextLine = Next(text, 0);
        }

        while (offset >= _nextLine)
        {
            _line++;
            _lineStart = _nextLine;
            _nextLine = Next(text, _nextLine);
        }

        return (_line, offset - _lineStart + 1);
    }

    private static int Next(ReadOnlySpan<byte> text, int start)
    {
        var index = text[start..].IndexOf((byte)'\n');
        return index < 0 ? int.MaxValue : start + index + 1;
    }
}
