namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>What splitting tells apart.</summary>
internal enum RuneKind : byte
{
    /// <summary>Beyond the end of the text.</summary>
    None,

    /// <summary>Lu, Lt.</summary>
    Upper,

    /// <summary>Ll.</summary>
    Lower,

    /// <summary>Lm, Lo.</summary>
    Caseless,

    /// <summary>Mn, Mc, Me.</summary>
    Mark,

    /// <summary>Nd, Nl, No.</summary>
    Number,

    /// <summary>Carriage return and line feed.</summary>
    Break,

    /// <summary>All other white space.</summary>
    Space,

    /// <summary>Signs, and bytes that are no UTF-8.</summary>
    Sign,
}
