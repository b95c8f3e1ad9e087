using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EdgeGuard.Identity.Structured;

/// <summary>
/// Reads structured field values (RFC 9651 section 4.2), strictly: where the RFC lets the last of two equal names count, or takes sloppy base64,
/// this reader refuses, because a signer and a verifier that read differently would disagree on what was signed.
/// </summary>
/// <param name="text">The field's lines, combined.</param>
internal ref struct StructuredFieldReader(ReadOnlySpan<char> text)
{
    /// <summary>Longest field value looked at, in characters. The server's own bound for all headers is 32 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Most members, items or parameters in one place.</summary>
    public const int MaxEntries = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>Reads a dictionary; its members in their order, or false.</summary>
    public static bool TryReadDictionary(ReadOnlySpan<char> text, [NotNullWhen(true)] out List<KeyValuePair<string, FieldMember>>? members)
    {
        members = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var read = new List<KeyValuePair<string, FieldMember>>();
        var reader = new StructuredFieldReader(text.Trim(' '));
        while (!reader.AtEnd)
        {
            if (!reader.TryReadKey(out var key)
                || read.Exists(member => string.Equals(member.Key, key, StringComparison.Ordinal))
                || read.Count == MaxEntries
                || !reader.TryReadDictionaryValue(out var value))
            {
                return false;
            }

            read.Add(KeyValuePair.Create(key, value));
            if (!reader.TryReadSeparator())
            {
                return false;
            }
        }

        members = read;
        return true;
    }

    /// <summary>Reads a list; its members in their order, or false.</summary>
    public static bool TryReadList(ReadOnlySpan<char> text, [NotNullWhen(true)] out List<FieldMember>? members)
    {
        members = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var read = new List<FieldMember>();
        var reader = new StructuredFieldReader(text.Trim(' '));
        while (!reader.AtEnd)
        {
            if (read.Count == MaxEntries || !reader.TryReadMember(out var member))
            {
                return false;
            }

            read.Add(member);
            if (!reader.TryReadSeparator())
            {
                return false;
            }
        }

        members = read;
        return true;
    }

    /// <summary>Reads one item; false when there is none or anything behind it.</summary>
    public static bool TryReadItem(ReadOnlySpan<char> text, [NotNullWhen(true)] out FieldItem? item)
    {
        item = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var reader = new StructuredFieldReader(text.Trim(' '));
        return reader.TryReadItem(out item) && reader.AtEnd;
    }

    private readonly bool AtEnd => _position == _text.Length;

    private readonly char Current => _position < _text.Length ? _text[_position] : '\0';

    // A comma with optional white space around it, and something behind it; or the end.
    private bool TryReadSeparator()
    {
        SkipWhiteSpace();
        if (AtEnd)
        {
            return true;
        }

        if (!Take(','))
        {
            return false;
        }

        SkipWhiteSpace();
        return !AtEnd;
    }

    private bool TryReadDictionaryValue([NotNullWhen(true)] out FieldMember? member)
    {
        if (Take('='))
        {
            return TryReadMember(out member);
        }

        member = null;
        if (!TryReadParameters(out var parameters))
        {
            return false;
        }

        member = FieldMember.Of(new FieldItem(BareItem.True, parameters));
        return true;
    }

    private bool TryReadMember([NotNullWhen(true)] out FieldMember? member)
    {
        member = null;
        if (Current == '(')
        {
            return TryReadInnerList(out member);
        }

        if (!TryReadItem(out var item))
        {
            return false;
        }

        member = FieldMember.Of(item);
        return true;
    }

    private bool TryReadInnerList([NotNullWhen(true)] out FieldMember? member)
    {
        member = null;
        var items = new List<FieldItem>();
        _position++;
        while (true)
        {
            SkipBlanks();
            if (Take(')'))
            {
                break;
            }

            if (items.Count == MaxEntries || !TryReadItem(out var item) || Current is not (' ' or ')'))
            {
                return false;
            }

            items.Add(item);
        }

        if (!TryReadParameters(out var parameters))
        {
            return false;
        }

        member = new FieldMember(null, items, parameters);
        return true;
    }

    private bool TryReadItem([NotNullWhen(true)] out FieldItem? item)
    {
        item = null;
        if (!TryReadBareItem(out var value) || !TryReadParameters(out var parameters))
        {
            return false;
        }

        item = new FieldItem(value, parameters);
        return true;
    }

    private bool TryReadParameters([NotNullWhen(true)] out FieldParameters? parameters)
    {
        parameters = FieldParameters.None;
        while (Take(';'))
        {
            SkipBlanks();
            var value = BareItem.True;
            if (!TryReadKey(out var name) || (Take('=') && !TryReadBareItem(out value)))
            {
                return false;
            }

            parameters = parameters.Count == 0 ? new FieldParameters() : parameters;
            if (parameters.Count == MaxEntries || !parameters.TryAdd(name, value))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadKey([NotNullWhen(true)] out string? key)
    {
        var start = _position;
        if (Current is (>= 'a' and <= 'z') or '*')
        {
            _position++;
            while (Current is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.' or '*')
            {
                _position++;
            }
        }

        key = _text[start.._position].ToString();
        return key.Length > 0;
    }

    private bool TryReadBareItem(out BareItem value)
    {
        value = default;
        return Current switch
        {
            '"' => TryReadText(out value),
            ':' => TryReadBytes(out value),
            '?' => TryReadBoolean(out value),
            '-' or (>= '0' and <= '9') => TryReadNumber(out value),
            '*' => TryReadToken(out value),
            var other => char.IsAsciiLetter(other) && TryReadToken(out value),
        };
    }

    private bool TryReadText(out BareItem value)
    {
        value = default;
        var content = new StringBuilder();
        for (_position++; _position < _text.Length; _position++)
        {
            var c = _text[_position];
            if (c == '"')
            {
                _position++;
                value = BareItem.OfText(content.ToString());
                return true;
            }

            if (c == '\\' && (++_position == _text.Length || (c = _text[_position]) is not ('"' or '\\')))
            {
                return false;
            }

            if (c is < ' ' or > '~')
            {
                return false;
            }

            content.Append(c);
        }

        return false;
    }

    private bool TryReadBytes(out BareItem value)
    {
        value = default;
        var length = _text[(_position + 1)..].IndexOf(':');
        if (length < 0)
        {
            return false;
        }

        // Exactly one text for each value: the framework's decoder also takes white space and unused bits that are set.
        var encoded = _text.Slice(_position + 1, length);
        var bytes = new byte[encoded.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var written)
            || !encoded.SequenceEqual(Convert.ToBase64String(bytes.AsSpan(0, written))))
        {
            return false;
        }

        _position += length + 2;
        value = BareItem.OfBytes(bytes[..written]);
        return true;
    }

    private bool TryReadBoolean(out BareItem value)
    {
        _position++;
        value = BareItem.OfBoolean(Current == '1');
        return Take('1') || Take('0');
    }

    // At most 15 digits, or 12 before and 3 behind the point (sections 3.3.1 and 3.3.2): every one fits.
    private bool TryReadNumber(out BareItem value)
    {
        value = default;
        var negative = Take('-');
        var whole = TakeDigits();
        if (whole.Length is 0 or > 15)
        {
            return false;
        }

        var number = long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        if (!Take('.'))
        {
            value = BareItem.OfInteger(negative ? -number : number);
            return true;
        }

        var fraction = TakeDigits();
        if (whole.Length > 12 || fraction.Length is 0 or > 3)
        {
            return false;
        }

        var part = long.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture) * (fraction.Length switch { 1 => 100, 2 => 10, _ => 1 });
        var thousandths = (number * 1000) + part;
        value = BareItem.OfThousandths(negative ? -thousandths : thousandths);
        return true;
    }

    private bool TryReadToken(out BareItem value)
    {
        var start = _position++;
        while (Current is ':' or '/' || IsTokenCharacter(Current))
        {
            _position++;
        }

        value = BareItem.OfToken(_text[start.._position].ToString());
        return true;
    }

    private static bool IsTokenCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '+' or '-' or '.' or '^' or '_' or '`' or '|' or '~';

    private ReadOnlySpan<char> TakeDigits()
    {
        var start = _position;
        while (char.IsAsciiDigit(Current))
        {
            _position++;
        }

        return _text[start.._position];
    }

    private bool Take(char expected)
    {
        if (AtEnd || _text[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private void SkipBlanks()
    {
        while (Current == ' ')
        {
            _position++;
        }
    }

    private void SkipWhiteSpace()
    {
        while (Current is ' ' or '\t')
        {
            _position++;
        }
    }
}
