using System.Buffers.Binary;

namespace EdgeGuard.Edge.Tracing;

/// <summary>
/// What a decision is looked up by: 128 random bits, made here. Never taken or derived from the request, or a client could name, guess or
/// overwrite another's. Written as 32 lower-case hexadecimal digits.
/// </summary>
/// <param name="Value">The bits.</param>
internal readonly record struct DecisionId(UInt128 Value)
{
    /// <summary>Digits of an id.</summary>
    public const int Digits = 32;

    /// <summary>A fresh one.</summary>
    public static DecisionId New() => new(RandomIds.Next128());

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DecisionId id)
    {
        var parsed = LowerHex.TryParse(text, Digits, out var value);
        id = new DecisionId(value);
        return parsed;
    }

    /// <summary>Writes the digits; false without room for all <see cref="Digits"/>.</summary>
    public bool TryFormat(Span<char> text)
    {
        // A tenth of the time that the number itself would take.
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return Convert.TryToHexStringLower(bytes, text, out _);
    }

    /// <summary>As <see cref="TryFormat(Span{char})"/>, as ASCII.</summary>
    public bool TryFormat(Span<byte> ascii)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return Convert.TryToHexStringLower(bytes, ascii, out _);
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(Digits, this, static (text, id) => id.TryFormat(text));
}
