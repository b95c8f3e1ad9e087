namespace EdgeGuard.Edge.Usage;

/// <summary>
/// Finds the usage object of JSON answers while they stream by: follows nesting and strings exactly, so that text which a model wrote cannot be taken
/// for it, and keeps only the object itself. Never throws; of what is no JSON nothing comes.
/// </summary>
/// <remarks>
/// Where usage is looked for: <c>usage</c> and <c>usageMetadata</c> of the outermost object, or of the objects of an outermost array; <c>usage</c> within
/// <c>response</c> (OpenAI's <c>response.completed</c>) and within <c>message</c> (Anthropic's <c>message_start</c>, which knows the prompt only).
/// </remarks>
internal sealed class JsonUsageScanner(UsageCounts counts) : IUsageScanner
{
    /// <summary>Longest usage object; those of today have less than 1 KiB.</summary>
    private const int MaxObjectBytes = 8192;

    /// <summary>Longest name that matters, <c>usageMetadata</c>.</summary>
    private const int MaxNameBytes = 13;

    private readonly byte[] _name = new byte[MaxNameBytes];
    private readonly Name[] _path = new Name[3];
    private readonly bool[] _isObject = new bool[3];
    private byte[]? _captured;
    private int _capturedLength;
    private int _captureDepth;
    private int _depth;
    private int _nameLength;
    private bool _inString;
    private bool _escaped;
    private bool _isName;
    private bool _expectsName;
    private bool _overflow;

    /// <summary>Begins a new document; what was found stays.</summary>
    public void Reset()
    {
        _depth = 0;
        _captureDepth = 0;
        _inString = false;
        _escaped = false;
        _expectsName = false;
    }

    /// <inheritdoc />
    public void Write(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        var captureFrom = 0;
        while (position < bytes.Length)
        {
            if (_inString)
            {
                position += TakeString(bytes[position..]);
                continue;
            }

            var depth = _captureDepth;
            Take(bytes[position]);
            if (depth == 0 && _captureDepth > 0)
            {
                captureFrom = position;
            }
            else if (depth > 0 && _captureDepth == 0)
            {
                Capture(bytes[captureFrom..(position + 1)]);
                EndCapture();
            }

            position++;
        }

        if (_captureDepth > 0)
        {
            Capture(bytes[captureFrom..]);
        }
    }

    // Part of a string, its closing quote included; how many bytes of it.
    private int TakeString(ReadOnlySpan<byte> bytes)
    {
        if (_escaped)
        {
            // No name that matters holds an escape.
            _escaped = false;
            _nameLength = MaxNameBytes + 1;
            return 1;
        }

        var end = bytes.IndexOfAny((byte)'"', (byte)'\\');
        var text = end < 0 ? bytes : bytes[..end];
        if (_isName)
        {
            AppendName(text);
        }

        if (end < 0)
        {
            return bytes.Length;
        }

        if (bytes[end] == '\\')
        {
            _escaped = true;
            return end + 1;
        }

        _inString = false;
        if (_isName)
        {
            _isName = false;
            _path[_depth] = NameOf(_nameLength > MaxNameBytes ? default : _name.AsSpan(0, _nameLength));
        }

        return end + 1;
    }

    private void Take(byte token)
    {
        switch (token)
        {
            case (byte)'"':
                _inString = true;
                _isName = _expectsName;
                _expectsName = false;
                _nameLength = 0;
                break;
            case (byte)'{' or (byte)'[':
                Open(isObject: token == '{');
                break;
            case (byte)'}' or (byte)']':
                Close();
                break;
            case (byte)',':
                _expectsName = _depth is 1 or 2 && _isObject[_depth];
                break;
            default:
                break;
        }
    }

    private void Open(bool isObject)
    {
        if (isObject && _captureDepth == 0 && IsUsage())
        {
            _captureDepth = _depth + 1;
            _capturedLength = 0;
            _overflow = false;
        }

        _depth++;
        _expectsName = false;
        if (_depth < _path.Length)
        {
            _path[_depth] = Name.Other;
            _isObject[_depth] = isObject;
            _expectsName = isObject;
        }
    }

    private void Close()
    {
        if (_captureDepth > 0 && _depth == _captureDepth)
        {
            _captureDepth = 0;
        }

        _expectsName = false;
        _depth = Math.Max(0, _depth - 1);
    }

    private bool IsUsage() => _depth switch
    {
        1 => _isObject[1] && _path[1] == Name.Usage,
        2 when _isObject[1] => _isObject[2] && _path[2] == Name.Usage && _path[1] is Name.Response or Name.Message,
        2 => _isObject[2] && _path[2] == Name.Usage,
        _ => false,
    };

    private void Capture(ReadOnlySpan<byte> part)
    {
        _captured ??= new byte[MaxObjectBytes];
        if (_overflow || part.Length > MaxObjectBytes - _capturedLength)
        {
            _overflow = true;
            return;
        }

        part.CopyTo(_captured.AsSpan(_capturedLength));
        _capturedLength += part.Length;
    }

    private void EndCapture()
    {
        if (!_overflow)
        {
            var isBeginning = _depth == 2 && _isObject[1] && _path[1] == Name.Message;
            UsageObject.TryRead(_captured.AsSpan(0, _capturedLength), counts, isWhole: !isBeginning);
        }
    }

    private void AppendName(ReadOnlySpan<byte> text)
    {
        if (_nameLength + text.Length > MaxNameBytes)
        {
            _nameLength = MaxNameBytes + 1;
            return;
        }

        text.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += text.Length;
    }

    private static Name NameOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("usage"u8) || name.SequenceEqual("usageMetadata"u8) ? Name.Usage
        : name.SequenceEqual("response"u8) ? Name.Response
        : name.SequenceEqual("message"u8) ? Name.Message
        : Name.Other;

    private enum Name : byte
    {
        Other,
        Usage,
        Response,
        Message,
    }
}
