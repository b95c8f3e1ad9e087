using System.Text;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Counts the features of texts from which their tokens are estimated. One look at each byte; keeps no text.</summary>
internal struct TokenUnits
{
    /// <summary>Letters of a word that its one token holds.</summary>
    private const int ShortWord = 4;

    /// <summary>Spaces in a row that one token holds.</summary>
    private const int LongSpace = 16;

    private State _state;
    private bool _afterLower;
    private int _letters;

    /// <summary>What was seen. A field, so that it is added to in place.</summary>
    public FeatureCounts Counts;

    /// <summary>Tokens that were given by their numbers.</summary>
    public long Given;

    /// <summary>Adds a text in UTF-8 that begins anew.</summary>
    public void Add(scoped ReadOnlySpan<byte> text)
    {
        _state = State.Other;
        Continue(text);
    }

    /// <summary>Adds the text of a JSON string as it is written between its quotes.</summary>
    public void Add(scoped ReadOnlySpan<byte> raw, bool escaped)
    {
        _state = State.Other;
        if (!escaped)
        {
            Continue(raw);
            return;
        }

        while (!raw.IsEmpty)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0 || escape == raw.Length - 1)
            {
                Continue(raw);
                return;
            }

            Continue(raw[..escape]);
            raw = raw[escape..];
            if (raw[1] == 'u')
            {
                TakeCode(JsonText.CodeAt(raw));
                raw = raw[Math.Min(6, raw.Length)..];
                continue;
            }

            TakeAscii(raw[1] is (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f' ? (byte)'\n' : raw[1]);
            raw = raw[2..];
        }
    }

    /// <summary>Adds a name or a value of JSON with the signs that set it off from the next.</summary>
    public void AddJson(scoped ReadOnlySpan<byte> raw, bool escaped)
    {
        Add(raw, escaped);
        Counts[(int)TokenFeature.PunctuationRun]++;
        Counts[(int)TokenFeature.Punctuation] += 3;
    }

    private void Continue(scoped ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] < 0x80)
            {
                TakeAscii(text[0]);
                text = text[1..];
                continue;
            }

            var isText = Rune.DecodeFromUtf8(text, out var rune, out var used) == System.Buffers.OperationStatus.Done;
            TakeOther(isText ? rune.Value : Rune.ReplacementChar.Value);
            text = text[used..];
        }
    }

    // Of a surrogate pair the first half counts.
    private void TakeCode(int code)
    {
        if (code < 0x80)
        {
            TakeAscii((byte)code);
        }
        else if (!char.IsLowSurrogate((char)code))
        {
            TakeOther(char.IsHighSurrogate((char)code) ? 0x10000 : code);
        }
    }

    private void TakeAscii(byte b)
    {
        if (char.IsAsciiLetter((char)b))
        {
            TakeLetter(char.IsAsciiLetterUpper((char)b));
            Counts[(int)TokenFeature.LongLetter] += _letters > ShortWord ? 1 : 0;
            _afterLower = char.IsAsciiLetterLower((char)b);
            return;
        }

        _afterLower = false;
        switch (b)
        {
            case (byte)' ':
                TakeSpace();
                break;
            case >= (byte)'0' and <= (byte)'9':
                Counts[(int)TokenFeature.Digit]++;
                _state = State.Other;
                break;
            case (byte)'\n' or (byte)'\r' or (byte)'\t':
                Counts[(int)TokenFeature.LineBreak] += _state == State.LineBreak ? 0 : 1;
                _state = State.LineBreak;
                break;
            default:
                Counts[(int)TokenFeature.Punctuation]++;
                Counts[(int)TokenFeature.PunctuationRun] += _state == State.Punctuation ? 0 : 1;
                _state = State.Punctuation;
                break;
        }
    }

    // One space is part of the word after it; indentation has tokens for many.
    private void TakeSpace()
    {
        _letters = _state == State.Space ? _letters + 1 : 0;
        _state = State.Space;
        if (_letters == LongSpace)
        {
            Counts[(int)TokenFeature.LineBreak]++;
            _letters = 0;
        }
    }

    private void TakeOther(int code)
    {
        var feature = FeatureOf(code);
        Counts[(int)feature]++;
        if (feature is TokenFeature.Latin or TokenFeature.LatinExtended)
        {
            TakeLetter(isUpper: false);
        }
        else
        {
            _state = State.Other;
        }

        _afterLower = false;
    }

    private void TakeLetter(bool isUpper)
    {
        if (_state != State.Word)
        {
            Counts[(int)TokenFeature.Word]++;
            _state = State.Word;
            _letters = 0;
        }
        else if (isUpper && _afterLower)
        {
            Counts[(int)TokenFeature.CaseChange]++;
            _letters = 0;
        }

        _letters = Math.Min(_letters + 1, ShortWord + 1);
    }

    private static TokenFeature FeatureOf(int code) => code switch
    {
        < 0xC0 => TokenFeature.Symbol,
        < 0x100 => TokenFeature.Latin,
        < 0x370 or (>= 0x1E00 and < 0x1F00) => TokenFeature.LatinExtended,
        < 0x400 or (>= 0x1F00 and < 0x2000) => TokenFeature.Greek,
        < 0x590 => TokenFeature.Cyrillic,
        < 0x600 => TokenFeature.Hebrew,
        < 0x900 => TokenFeature.Arabic,
        < 0x980 => TokenFeature.Devanagari,
        < 0xE00 => TokenFeature.Indic,
        < 0x1100 => TokenFeature.Thai,
        < 0x1200 or (>= 0xAC00 and < 0xD800) => TokenFeature.Hangul,
        < 0x2000 => TokenFeature.Thai,
        < 0x2E80 => TokenFeature.Symbol,
        >= 0x3040 and < 0x3100 => TokenFeature.Kana,
        < 0x10000 => TokenFeature.Han,
        _ => TokenFeature.Astral,
    };

    private enum State : byte
    {
        Other,
        Space,
        Word,
        Punctuation,
        LineBreak,
    }
}
