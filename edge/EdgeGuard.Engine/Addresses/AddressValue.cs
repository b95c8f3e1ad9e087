using System.Buffers.Text;

namespace EdgeGuard.Engine.Addresses;

/// <summary>
/// Values of the facts of an address, in the one form that rules see, and as a number so that a table holds four bytes for each. 0 is no value.
/// Shared by data files and the headers of trusted proxies.
/// </summary>
public static class AddressValue
{
    /// <summary>No value.</summary>
    public const uint None = 0;

    /// <summary><c>ip:type</c> of an address that no line is about.</summary>
    public const uint UnknownType = 4;

    /// <summary><c>ip:tor</c> of an exit.</summary>
    public const uint Yes = 1;

    /// <summary><c>ip:tor</c> of any other address.</summary>
    public const uint No = 2;

    /// <summary>Longest value: a kind of network.</summary>
    public const int MaxBytes = 18;

    private const uint LastType = 9;

    /// <summary>Reads a value as a list or a header writes it, letters in either case; false when it is none of the fact's.</summary>
    public static bool TryParse(AddressListKind kind, ReadOnlySpan<byte> text, out uint value)
    {
        value = None;
        return kind switch
        {
            AddressListKind.Country => TryParseCountry(text, out value),
            AddressListKind.Asn => TryParseAsn(text, out value),
            AddressListKind.Type => TryParseType(text, out value),
            _ => TryParseTor(text, out value),
        };
    }

    /// <summary>Writes a value; 0 bytes for none.</summary>
    /// <param name="kind">Of which fact.</param>
    /// <param name="value">As read.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    public static int Write(AddressListKind kind, uint value, Span<byte> destination)
    {
        if (value == None)
        {
            return 0;
        }

        switch (kind)
        {
            case AddressListKind.Country:
                destination[0] = (byte)(value >> 8);
                destination[1] = (byte)value;
                return 2;
            case AddressListKind.Asn:
                Utf8Formatter.TryFormat(value, destination, out var written);
                return written;
            case AddressListKind.Type:
                return Copy(TypeName(value), destination);
            default:
                return Copy(value == Yes ? "true"u8 : "false"u8, destination);
        }
    }

    /// <summary>What a value has to look like, for people.</summary>
    internal static string Expected(AddressListKind kind) => kind switch
    {
        AddressListKind.Country => "write a country of ISO 3166, two letters such as DE",
        AddressListKind.Asn => "write the number of an autonomous system, such as 64500 or AS64500",
        AddressListKind.Type => "write hosting, isp, business, education_research, government_admin, residential, mobile, unrouted or unknown",
        _ => "write the address or network alone",
    };

    // XX and ZZ are what databases and proxies say for "not known"; the second sign may be a digit (T1, A1, A2 of some of them).
    private static bool TryParseCountry(ReadOnlySpan<byte> text, out uint value)
    {
        value = None;
        if (text.Length != 2 || !TryUpper(text[0], digits: false, out var first) || !TryUpper(text[1], digits: true, out var second))
        {
            return false;
        }

        value = first == second && first is (byte)'X' or (byte)'Z' ? None : (uint)((first << 8) | second);
        return true;
    }

    private static bool TryUpper(byte c, bool digits, out byte upper)
    {
        upper = c is >= (byte)'a' and <= (byte)'z' ? (byte)(c - 0x20) : c;
        return upper is >= (byte)'A' and <= (byte)'Z' || (digits && upper is >= (byte)'0' and <= (byte)'9');
    }

    // AS0 stands for addresses that are not routed (RFC 7607): no value.
    internal static bool TryParseAsn(ReadOnlySpan<byte> text, out uint value)
    {
        var digits = text.Length > 2 && (text[0] | 0x20) == 'a' && (text[1] | 0x20) == 's' ? text[2..] : text;
        value = None;
        return !digits.IsEmpty
            && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(digits, out value, out int consumed)
            && consumed == digits.Length;
    }

    private static bool TryParseType(ReadOnlySpan<byte> text, out uint value)
    {
        for (value = 1; value <= LastType; value++)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(text, TypeName(value)))
            {
                return true;
            }
        }

        value = None;
        return false;
    }

    private static bool TryParseTor(ReadOnlySpan<byte> text, out uint value)
    {
        value = text switch
        {
            [(byte)'1'] => Yes,
            [(byte)'0'] => No,
            _ when Is(text, "true"u8) || Is(text, "yes"u8) => Yes,
            _ when Is(text, "false"u8) || Is(text, "no"u8) => No,
            _ => None,
        };
        return value != None;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);

    private static ReadOnlySpan<byte> TypeName(uint value) => value switch
    {
        1 => "hosting"u8,
        2 => "residential"u8,
        3 => "mobile"u8,
        5 => "isp"u8,
        6 => "business"u8,
        7 => "education_research"u8,
        8 => "government_admin"u8,
        LastType => "unrouted"u8,
        _ => "unknown"u8,
    };

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
