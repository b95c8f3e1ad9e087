namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>What of a text makes tokens, as far as it can be seen without a vocabulary.</summary>
internal enum TokenFeature : byte
{
    /// <summary>Runs of letters of the Latin script.</summary>
    Word,

    /// <summary>Letters of ASCII in a word, beyond its first four.</summary>
    LongLetter,

    /// <summary>Capitals after small letters within a word: names in code, and base64.</summary>
    CaseChange,

    Digit,
    Punctuation,
    PunctuationRun,

    /// <summary>Runs of line breaks and tabs, and of many spaces.</summary>
    LineBreak,

    /// <summary>Letters of U+00C0 to U+00FF; they are in words too, as those of the next are.</summary>
    Latin,

    /// <summary>All other letters of the Latin script.</summary>
    LatinExtended,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,

    /// <summary>All other scripts of India.</summary>
    Indic,

    /// <summary>Thai and its neighbours up to U+10FF.</summary>
    Thai,
    Kana,

    /// <summary>Han, all else from U+2E80 that is none of the others, and bytes that are no UTF-8.</summary>
    Han,
    Hangul,

    /// <summary>U+0080 to U+00BF, and U+2000 to U+2E7F.</summary>
    Symbol,

    /// <summary>Beyond U+FFFF: emoji, rare Han.</summary>
    Astral,
}
