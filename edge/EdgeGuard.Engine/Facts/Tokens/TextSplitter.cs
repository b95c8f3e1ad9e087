namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>
/// Splits a text into the pieces within which tokens lie, as the patterns of OpenAI's vocabularies do. Each alternative of a pattern is a method here, tried in
/// its order; a text takes time in proportion to its length.
/// </summary>
internal static class TextSplitter
{
    private const int MaxDigits = 3;

    /// <summary>Bytes of the first piece of a text that is not empty.</summary>
    public static int Next(ReadOnlySpan<byte> text, SplitPattern pattern)
    {
        var kind = RuneKinds.Of(text, out var length);
        var word = pattern == SplitPattern.O200K ? CasedWord(text, kind, length) : PlainWord(text, kind, length);
        if (word > 0)
        {
            return word;
        }

        if (kind == RuneKind.Number)
        {
            return Digits(text);
        }

        var signs = Signs(text, kind, pattern == SplitPattern.O200K);
        return signs > 0 ? signs : WhiteSpace(text);
    }

    // (?i:'s|'t|'re|'ve|'m|'ll|'d) or [^\r\n\p{L}\p{N}]?\p{L}+
    private static int PlainWord(ReadOnlySpan<byte> text, RuneKind kind, int length)
    {
        var contraction = Contraction(text);
        if (contraction > 0)
        {
            return contraction;
        }

        var start = IsPrefix(kind) ? length : 0;
        var end = start;
        while (RuneKinds.Of(text[end..], out var next) is RuneKind.Upper or RuneKind.Lower or RuneKind.Caseless)
        {
            end += next;
        }

        return end > start ? end : 0;
    }

    // [^\r\n\p{L}\p{N}]? [Lu Lt Lm Lo M]* [Ll Lm Lo M]+ and a contraction, or else [^\r\n\p{L}\p{N}]? [Lu Lt Lm Lo M]+ [Ll Lm Lo M]* and one
    private static int CasedWord(ReadOnlySpan<byte> text, RuneKind kind, int length)
    {
        var start = IsPrefix(kind) ? length : 0;
        var end = WithSmallLetters(text, start, out var capitals);
        if (end == 0 && start > 0)
        {
            // What could be a prefix can be a mark that is a word itself.
            end = WithSmallLetters(text, 0, out var without);
            capitals = capitals > start ? capitals : without;
            start = 0;
        }

        end = end > 0 ? end : capitals > start ? capitals : 0;
        return end > 0 ? end + Contraction(text[end..]) : 0;
    }

    // Where a word with small letters ends, or 0; and where its first part does.
    private static int WithSmallLetters(ReadOnlySpan<byte> text, int start, out int first)
    {
        first = start;
        var lastOfBoth = 0;
        RuneKind kind;
        int length;
        while ((kind = RuneKinds.Of(text[first..], out length)) is RuneKind.Upper or RuneKind.Caseless or RuneKind.Mark)
        {
            first += length;
            lastOfBoth = kind == RuneKind.Upper ? lastOfBoth : first;
        }

        if (kind != RuneKind.Lower)
        {
            return lastOfBoth;
        }

        var end = first;
        while (RuneKinds.Of(text[end..], out length) is RuneKind.Lower or RuneKind.Caseless or RuneKind.Mark)
        {
            end += length;
        }

        return end;
    }

    // \p{N}{1,3}
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var end = 0;
        for (var i = 0; i < MaxDigits && RuneKinds.Of(text[end..], out var length) == RuneKind.Number; i++)
        {
            end += length;
        }

        return end;
    }

    // A space or none, [^\s\p{L}\p{N}]+ and line breaks; of o200k slashes too
    private static int Signs(ReadOnlySpan<byte> text, RuneKind kind, bool slashes)
    {
        var start = kind == RuneKind.Space && text[0] == ' ' ? 1 : 0;
        var end = start;
        while (RuneKinds.Of(text[end..], out var length) is RuneKind.Sign or RuneKind.Mark)
        {
            end += length;
        }

        if (end == start)
        {
            return 0;
        }

        while (end < text.Length && (text[end] is (byte)'\r' or (byte)'\n' || (slashes && text[end] == '/')))
        {
            end++;
        }

        return end;
    }

    // \s*[\r\n]+ or \s+(?!\S) or \s+
    private static int WhiteSpace(ReadOnlySpan<byte> text)
    {
        int end = 0, last = 0, afterBreak = 0;
        RuneKind kind;
        int length;
        while ((kind = RuneKinds.Of(text[end..], out length)) is RuneKind.Space or RuneKind.Break)
        {
            last = end;
            end += length;
            afterBreak = kind == RuneKind.Break ? end : afterBreak;
        }

        return afterBreak > 0 ? afterBreak : end == text.Length || last == 0 ? end : last;
    }

    private static int Contraction(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '\'')
        {
            return 0;
        }

        // U+017F is an s without regard to case.
        var second = text.Length > 2 ? (byte)(text[2] | 0x20) : (byte)0;
        return (byte)(text[1] | 0x20) switch
        {
            (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d' when char.IsAsciiLetter((char)text[1]) => 2,
            (byte)'r' or (byte)'v' when char.IsAsciiLetter((char)text[1]) && second == 'e' && char.IsAsciiLetter((char)text[2]) => 3,
            (byte)'l' when char.IsAsciiLetter((char)text[1]) && second == 'l' && char.IsAsciiLetter((char)text[2]) => 3,
            _ => text[1..].StartsWith("\u017F"u8) ? 3 : 0,
        };
    }

    private static bool IsPrefix(RuneKind kind) => kind is RuneKind.Space or RuneKind.Sign or RuneKind.Mark;
}
