using System.Globalization;
using System.Text;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Tells kinds.</summary>
internal static class RuneKinds
{
    /// <summary>The kind of what a text begins with, and how many bytes that has.</summary>
    public static RuneKind Of(ReadOnlySpan<byte> text, out int length)
    {
        length = 1;
        if (text.IsEmpty)
        {
            length = 0;
            return RuneKind.None;
        }

        var first = text[0];
        if (first < 0x80)
        {
            return char.IsAsciiLetterLower((char)first) ? RuneKind.Lower
                : char.IsAsciiLetterUpper((char)first) ? RuneKind.Upper
                : char.IsAsciiDigit((char)first) ? RuneKind.Number
                : first is (byte)'\r' or (byte)'\n' ? RuneKind.Break
                : first is (byte)' ' or (>= 0x09 and <= 0x0D) ? RuneKind.Space
                : RuneKind.Sign;
        }

        if (Rune.DecodeFromUtf8(text, out var rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return RuneKind.Sign;
        }

        return Rune.IsWhiteSpace(rune) ? RuneKind.Space : Of(Rune.GetUnicodeCategory(rune));
    }

    private static RuneKind Of(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => RuneKind.Upper,
        UnicodeCategory.LowercaseLetter => RuneKind.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => RuneKind.Caseless,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => RuneKind.Mark,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => RuneKind.Number,
        _ => RuneKind.Sign,
    };
}
