namespace EdgeGuard.Engine.Facts;

/// <summary>How long texts are in UTF-8 once JSON's escapes are resolved, ASCII and the rest told apart.</summary>
internal struct TextUnits
{
    /// <summary>Bytes below 128.</summary>
    public long Ascii { get; private set; }

    /// <summary>All other bytes.</summary>
    public long Other { get; private set; }

    public readonly long Bytes => Ascii + Other;

    /// <summary>Adds a token that is given by its number: about four letters.</summary>
    public void AddToken() => Ascii += 4;

    /// <summary>Adds the text of a JSON string as it is written between its quotes.</summary>
    public void Add(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            AddPlain(raw);
            return;
        }

        while (!raw.IsEmpty)
        {
            var escape = raw.IndexOf((byte)'\\');
            if (escape < 0 || escape == raw.Length - 1)
            {
                AddPlain(raw);
                return;
            }

            AddPlain(raw[..escape]);
            raw = raw[escape..];
            if (raw[1] != 'u')
            {
                Ascii++;
                raw = raw[2..];
                continue;
            }

            AddCode(JsonText.CodeAt(raw));
            raw = raw[Math.Min(6, raw.Length)..];
        }
    }

    private void AddPlain(ReadOnlySpan<byte> text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            Ascii += text.Length;
            return;
        }

        foreach (var b in text)
        {
            Ascii += b < 0x80 ? 1 : 0;
            Other += b < 0x80 ? 0 : 1;
        }
    }

    // Each half of a surrogate pair is two of its four bytes.
    private void AddCode(int code)
    {
        if (code < 0x80)
        {
            Ascii++;
            return;
        }

        Other += code < 0x800 || char.IsSurrogate((char)code) ? 2 : 3;
    }
}
