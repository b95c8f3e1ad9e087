using System.Text.Json;
using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Facts;

/// <summary>One walk over a JSON body, which finds all that <see cref="BodyFacts"/> tells of it. Depth and memory are bounded.</summary>
internal ref partial struct BodyScan
{
    /// <summary>Deepest JSON that is looked at, that of the reader's default; deeper is treated as no JSON.</summary>
    public const int MaxDepth = 64;

    private const ulong RootPath = 1;
    private const ulong MessagePath = 2;
    private const ulong StructureToken = 3;
    private const ulong VolatileToken = 4;
    private const double MaxTokens = 1e12;

    private readonly BodyFacts _names;
    private readonly Span<BodyFrame> _frames;
    private readonly bool _votes;
    private readonly ITokenCounter? _counter;
    private long _exact;
    private SimilarityHash _whole;
    private SimilarityHash _message;
    private Utf8JsonReader _reader;
    private int _depth;
    private ulong _nameHash;
    private BodyName _name;
    private ulong _rootId;
    private bool _sawText;
    private bool _sawMessage;
    private bool _sawItem;
    private bool _isRpc;
    private ulong _calls;
    private bool _isResult;
    private long _messages;
    private double _maxTokens;
    private double _choices;

    public BodyScan(ReadOnlySpan<byte> body, Span<BodyFrame> frames, Span<ulong> slices, bool votes, BodyFacts names, ITokenCounter? counter = null)
    {
        _counter = counter;
        _names = names;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        _frames = frames;
        _whole = new SimilarityHash(slices[..SimilarityHash.Slices]);
        _message = new SimilarityHash(slices[SimilarityHash.Slices..]);
        _votes = votes;
        _maxTokens = -1;
        _choices = 1;
        Family = TokenFamilies.Default;
    }

    /// <summary>Text of messages and prompts. A field, so that it is added to in place.</summary>
    public TextUnits Text;

    /// <summary>The same, and tools, as tokens are estimated from them. A field, so that it is added to in place.</summary>
    public TokenUnits Units;

    /// <summary>The family of the model that the body names.</summary>
    public TokenFamily Family { get; private set; }

    /// <summary>Whether it is one object.</summary>
    public bool IsObject { get; private set; }

    /// <summary>Hash of the newest tool call, or 0.</summary>
    public ulong ToolCall { get; private set; }

    /// <summary>Whether there is a member that holds messages or a prompt.</summary>
    public readonly bool HasText => _sawText;

    /// <summary>Messages of the conversation.</summary>
    public readonly long Messages => _messages;

    /// <summary>Completion tokens that the request asks for at most, over all choices; -1 when it names no bound.</summary>
    public readonly long MaxCompletionTokens =>
        _maxTokens < 0 ? -1 : (long)Math.Ceiling(Math.Min(_maxTokens * Math.Max(1, _choices), MaxTokens));

    /// <summary>Reads all of it.</summary>
    /// <exception cref="JsonException">It is no JSON, or too deep.</exception>
    public void Read()
    {
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    ReadName();
                    break;
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    Open(_reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndObject:
                case JsonTokenType.EndArray:
                    Close();
                    break;
                case JsonTokenType.String:
                    ReadText();
                    break;
                case JsonTokenType.Number:
                    ReadNumber();
                    break;
                default:
                    Vote((ulong)_reader.TokenType);
                    break;
            }
        }
    }

    /// <summary>
    /// The signature of the newest message, of a call's arguments, or of everything when it is neither a conversation nor a call. What all requests
    /// of a client have in common would make any two of them alike.
    /// </summary>
    public ulong ToSignature()
    {
        if (_rootId != 0 && !_isRpc)
        {
            _whole.Add(_rootId);
        }

        return _sawMessage || _sawItem || ToolCall != 0 ? _message.ToSignature() : _whole.ToSignature();
    }

    private void ReadName()
    {
        var raw = _reader.ValueSpan;
        if (_reader.ValueIsEscaped && raw.Length <= 256)
        {
            Span<byte> text = stackalloc byte[256];
            SetName(text[..JsonText.Unescape(raw, text)]);
            return;
        }

        SetName(raw);
    }

    private void SetName(scoped ReadOnlySpan<byte> name)
    {
        _nameHash = TextHash.Of(name);
        _name = BodyNames.Of(name);
        ref var frame = ref _frames[_depth];
        if (frame.IsArguments)
        {
            // A sum: the order of members does not matter.
            frame.Shape += TextHash.Mix(_nameHash, StructureToken);
        }

        if (_depth is 1 or 2)
        {
            DoubtVariants(name, in frame);
        }

        if (frame.Zone == BodyZone.Tools)
        {
            TakeTool(name);
        }

        _isRpc |= _depth == 1 && name.SequenceEqual("jsonrpc"u8);
        _isResult |= frame.Zone == BodyZone.Conversation && _name == BodyName.ToolResult;
    }

    // Some readers of JSON (Go's, for one) take "Model" for "model", and the last of both.
    private readonly void DoubtVariants(scoped ReadOnlySpan<byte> name, in BodyFrame frame)
    {
        if (name.Length is < 4 or > 6 || name.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0)
        {
            return;
        }

        if (_depth == 1 && System.Text.Ascii.EqualsIgnoreCase(name, "model"u8))
        {
            _names.Model.Doubt();
        }
        else if (_depth == 1 && (System.Text.Ascii.EqualsIgnoreCase(name, "method"u8) || System.Text.Ascii.EqualsIgnoreCase(name, "params"u8)))
        {
            _names.RpcMethod.Doubt();
        }
        else if (_depth == 2 && frame.Member == BodyName.Params && System.Text.Ascii.EqualsIgnoreCase(name, "name"u8))
        {
            _names.RpcTool.Doubt();
        }
    }

    // Before its first value, what it is the value of is known by the name that came before, or by the array that it is in.
    private void Open(bool isArray)
    {
        ref readonly var parent = ref _frames[_depth];
        IsObject |= _depth == 0 && !isArray;
        var inArray = parent.IsArray || _depth == 0;
        var member = inArray ? parent.Member : _name;
        var frame = new BodyFrame
        {
            Member = member,
            IsArray = isArray,
            Path = _depth == 0 ? RootPath : inArray ? parent.Path : TextHash.Mix(parent.Path, _nameHash),
            Zone = _depth == 1 && !inArray ? ZoneOf(member, isArray) : parent.Zone,
            IsArguments = !isArray && !inArray && member is BodyName.Arguments or BodyName.Input,
        };
        frame.InArguments = parent.InArguments || frame.IsArguments;
        var begins = parent.Zone == BodyZone.Conversation ? _depth == 2 && parent.IsArray : frame.Zone == BodyZone.Conversation;
        if (begins && !isArray)
        {
            frame.IsMessage = true;
            frame.Path = MessagePath;
            BeginMessage();
        }

        _frames[++_depth] = frame;
    }

    private void Close()
    {
        ref readonly var frame = ref _frames[_depth--];
        ref var parent = ref _frames[_depth];
        if (frame.IsArray)
        {
            return;
        }

        if (frame.IsArguments)
        {
            parent.Arguments = frame.Shape;
        }

        if (frame.Zone == BodyZone.Conversation)
        {
            var isCall = frame.IsCall
                || frame.Member == BodyName.FunctionCall
                || (frame.Member == BodyName.Function && parent.Member == BodyName.ToolCalls);
            if (isCall && frame.CallName != 0)
            {
                _calls = TextHash.Mix(_calls, TextHash.Mix(frame.CallName, frame.Arguments));
            }

            EndMessage(in frame);
        }
        else if (_depth <= 1 && frame.Method != 0 && frame.Arguments != 0)
        {
            ToolCall = TextHash.Mix(frame.Method, frame.Arguments);
        }
        else if (_depth >= 1 && frame.Member == BodyName.Params && frame.CallName != 0)
        {
            // A call of the Model Context Protocol: what is called is named in the parameters. Its name is never 0, so this is not.
            parent.Arguments = TextHash.Mix(frame.CallName, frame.Arguments);
        }
    }

    private void BeginMessage()
    {
        _sawMessage = true;
        _messages++;
        _message.Clear();
        _calls = 0;
        _isResult = false;
    }

    // The newest call is the last one that nothing but its results came after.
    private void EndMessage(in BodyFrame frame)
    {
        if (frame.IsMessage && (_calls != 0 || !_isResult))
        {
            ToolCall = _calls;
        }
    }

    private void ReadText()
    {
        var raw = _reader.ValueSpan;
        ref var frame = ref _frames[_depth];
        var name = frame.IsArray ? frame.Member : _name;
        var zone = _depth == 1 && !frame.IsArray ? ZoneOf(name, isArray: false) : frame.Zone;
        switch (name)
        {
            case BodyName.Name:
                frame.CallName = TextHash.Of(raw);
                if (_depth == 2 && frame.Member == BodyName.Params)
                {
                    _names.RpcTool.Take(raw, _reader.ValueIsEscaped);
                }

                break;
            case BodyName.Method:
                frame.Method = TextHash.Of(raw);
                if (_depth == 1)
                {
                    _names.RpcMethod.Take(raw, _reader.ValueIsEscaped);
                }

                break;
            case BodyName.Id when _depth == 1:
                TakeId(raw, quotes: 2);
                break;
            case BodyName.Type:
                frame.IsCall = zone == BodyZone.Conversation && (raw.SequenceEqual("tool_use"u8) || raw.SequenceEqual("function_call"u8));
                _isResult |= raw.SequenceEqual("tool_result"u8) || raw.SequenceEqual("function_call_output"u8) || raw.SequenceEqual("reasoning"u8);
                break;
            case BodyName.Role:
                _isResult |= raw.SequenceEqual("tool"u8) || raw.SequenceEqual("function"u8);
                break;
            case BodyName.Arguments:
                frame.Arguments = ArgumentShape.Of(raw, _reader.ValueIsEscaped);
                break;
            case BodyName.Model when _depth == 1:
                Family = TokenFamilies.Of(raw);
                _names.Model.Take(raw, _reader.ValueIsEscaped);
                break;
            default:
                break;
        }

        if (zone == BodyZone.Prompt || (zone == BodyZone.Conversation && (frame.InArguments || IsText(name))))
        {
            TakeText(raw);
        }
        else if (zone == BodyZone.Tools)
        {
            TakeTool(raw);
        }

        if (_votes)
        {
            VoteText(raw, name, zone, in frame);
        }
    }

    // As it is written, so that an answer repeats it byte for byte.
    private void TakeId(ReadOnlySpan<byte> raw, int quotes)
    {
        Span<byte> written = stackalloc byte[BodyText.MaxCapacity];
        if (raw.Length + quotes > written.Length)
        {
            return;
        }

        written[0] = (byte)'"';
        raw.CopyTo(written[(quotes / 2)..]);
        if (quotes > 0)
        {
            written[raw.Length + 1] = (byte)'"';
        }

        _names.RpcId.Take(written[..(raw.Length + quotes)], escaped: false);
    }

    private void ReadNumber()
    {
        ref readonly var frame = ref _frames[_depth];
        if (!_reader.TryGetDouble(out var value))
        {
            value = double.MaxValue;
        }

        if (frame.IsArray && (frame.Zone == BodyZone.Prompt || (frame.Zone == BodyZone.Conversation && !_sawMessage)))
        {
            // A prompt that is given as tokens.
            Text.AddToken();
            Units.Given++;
            _exact++;
        }

        if (_depth == 1 && _name == BodyName.Id)
        {
            TakeId(_reader.ValueSpan, quotes: 0);
        }

        var isBound = _depth == 1 || (_depth == 2 && frame.Zone == BodyZone.Generation);
        if (isBound && _name == BodyName.MaxTokens && value >= 0)
        {
            _maxTokens = Math.Max(_maxTokens, Math.Min(value, MaxTokens));
        }
        else if (isBound && _name == BodyName.Choices)
        {
            _choices = Math.Max(_choices, Math.Min(value, MaxTokens));
        }

        // 1, 1.0 and 10e-1 are one number; zero has one sign.
        Vote(TextHash.Mix((ulong)BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value), StructureToken));
    }

    private BodyZone ZoneOf(BodyName name, bool isArray)
    {
        var zone = name switch
        {
            BodyName.Messages => BodyZone.Conversation,
            BodyName.Input => isArray ? BodyZone.Conversation : BodyZone.Prompt,
            BodyName.Prompt => BodyZone.Prompt,
            BodyName.Tools => BodyZone.Tools,
            BodyName.Generation => BodyZone.Generation,
            _ => BodyZone.Other,
        };
        _sawText |= zone is BodyZone.Conversation or BodyZone.Prompt;
        return zone;
    }

    private static bool IsText(BodyName name) => name is
        BodyName.None or BodyName.Messages or BodyName.Input or BodyName.Arguments or BodyName.Prompt or BodyName.Method or BodyName.Params;
}
