namespace EdgeGuard.Identity.Structured;

/// <summary>A value of a structured field without its parameters.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Number">Of an integer its value, of a decimal its thousandths, of a boolean 0 or 1.</param>
/// <param name="Text">Of a string its content, of a token itself.</param>
/// <param name="Bytes">Of a byte sequence its content.</param>
internal readonly record struct BareItem(BareKind Kind, long Number, string Text, byte[] Bytes)
{
    /// <summary>The boolean that stands for itself: <c>?1</c>.</summary>
    public static BareItem True { get; } = OfBoolean(true);

    /// <summary>Whether it is the boolean true.</summary>
    public bool IsTrue => Kind == BareKind.Boolean && Number == 1;

    public static BareItem OfInteger(long value) => new(BareKind.Integer, value, string.Empty, []);

    public static BareItem OfThousandths(long value) => new(BareKind.Decimal, value, string.Empty, []);

    public static BareItem OfText(string value) => new(BareKind.Text, 0, value, []);

    public static BareItem OfToken(string value) => new(BareKind.Token, 0, value, []);

    public static BareItem OfBytes(byte[] value) => new(BareKind.Bytes, 0, string.Empty, value);

    public static BareItem OfBoolean(bool value) => new(BareKind.Boolean, value ? 1 : 0, string.Empty, []);
}
