using System.Buffers.Text;
using System.Numerics;

namespace EdgeGuard.Engine.Addresses;

/// <summary>Text of addresses, read and written without an allocation.</summary>
internal static class IpText
{
    private const int Groups = 8;

    /// <summary>Reads an address. One that is mapped into IPv6 comes out as IPv4; <paramref name="mapped"/> tells that it was.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpValue address, out bool mapped)
    {
        address = default;
        mapped = false;
        if (text.Length > IpValue.MaxTextBytes + 2)
        {
            return false;
        }

        if (text.IndexOf((byte)':') < 0)
        {
            var isV4 = TryParseV4(text, out var v4);
            address = IpValue.V4(v4);
            return isV4;
        }

        if (!TryParseV6(text, out var bits))
        {
            return false;
        }

        address = IpValue.V6(bits);
        mapped = address.IsV4;
        return true;
    }

    public static int Write(IpValue address, int prefix, Span<byte> destination)
    {
        if (address.IsV4)
        {
            return WriteV4((uint)address.Bits, destination);
        }

        var length = WriteV6(address.Bits & IpValue.Mask(prefix), destination);
        if (prefix < IpValue.MaxPrefix)
        {
            destination[length++] = (byte)'/';
            length += WriteNumber((uint)prefix, destination[length..]);
        }

        return length;
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint bits)
    {
        bits = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = digits < 0 ? text.Length : digits;
            if (digits is 0 or > 3 || (digits > 1 && text[0] == '0'))
            {
                return false;
            }

            var value = 0u;
            foreach (var digit in text[..digits])
            {
                value = (value * 10) + digit - '0';
            }

            bits = (bits << 8) | value;
            text = text[digits..];
            if (value > 255 || (octet < 3 && (text.IsEmpty || text[0] != '.')))
            {
                return false;
            }

            text = octet < 3 ? text[1..] : text;
        }

        return text.IsEmpty;
    }

    // Groups before the double colon fill from the left, those after it are shifted to the right end.
    private static bool TryParseV6(ReadOnlySpan<byte> text, out UInt128 bits)
    {
        bits = 0;
        UInt128 head = 0;
        var headGroups = -1;
        var groups = 0;
        if (text.StartsWith("::"u8))
        {
            headGroups = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.IndexOf((byte)'.') >= 0)
            {
                if (groups > Groups - 2 || !TryParseV4(group, out var v4))
                {
                    return false;
                }

                bits = (bits << 32) | v4;
                groups += 2;
                break;
            }

            if (groups == Groups || !TryParseGroup(group, out var value))
            {
                return false;
            }

            bits = (bits << 16) | value;
            groups++;
            if (colon < 0)
            {
                break;
            }

            text = text[(colon + 1)..];
            if (!text.IsEmpty && text[0] == ':' && headGroups < 0)
            {
                headGroups = groups;
                head = bits;
                bits = 0;
                text = text[1..];
            }
            else if (text.IsEmpty)
            {
                return false;
            }
        }

        return TryJoin(head, headGroups, groups, ref bits);
    }

    private static bool TryJoin(UInt128 head, int headGroups, int groups, ref UInt128 bits)
    {
        if (headGroups < 0)
        {
            return groups == Groups;
        }

        // A shift by 128 would be one by 0.
        if (headGroups > 0)
        {
            bits |= head << (16 * (Groups - headGroups));
        }

        return groups < Groups;
    }

    private static bool TryParseGroup(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        return text.Length is > 0 and <= 4 && Utf8Parser.TryParse(text, out value, out int consumed, 'x') && consumed == text.Length;
    }

    private static int WriteV4(uint bits, Span<byte> destination)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            length += WriteNumber((bits >> shift) & 0xFF, destination[length..]);
            if (shift > 0)
            {
                destination[length++] = (byte)'.';
            }
        }

        return length;
    }

    // RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups shortened, the first of equal ones.
    private static int WriteV6(UInt128 bits, Span<byte> destination)
    {
        FindZeros(bits, out var zeros, out var zerosEnd);
        var length = 0;
        for (var group = 0; group < Groups; group++)
        {
            if (group == zeros)
            {
                destination[length++] = (byte)':';
                destination[length++] = (byte)':';
                group = zerosEnd - 1;
                continue;
            }

            if (group > 0 && group != zerosEnd)
            {
                destination[length++] = (byte)':';
            }

            length += WriteHex(GroupOf(bits, group), destination[length..]);
        }

        return length;
    }

    private static void FindZeros(UInt128 bits, out int start, out int end)
    {
        start = -1;
        end = -1;
        var longest = 1;
        for (var group = 0; group < Groups; group++)
        {
            var run = group;
            while (run < Groups && GroupOf(bits, run) == 0)
            {
                run++;
            }

            if (run - group > longest)
            {
                longest = run - group;
                start = group;
                end = run;
            }

            group = Math.Max(group, run - 1);
        }
    }

    private static uint GroupOf(UInt128 bits, int group) => (uint)(bits >> (16 * (Groups - 1 - group))) & 0xFFFF;

    private static int WriteHex(uint value, Span<byte> destination)
    {
        var digits = Math.Max(1, (35 - BitOperations.LeadingZeroCount(value)) / 4);
        for (var i = 0; i < digits; i++)
        {
            destination[i] = "0123456789abcdef"u8[(int)(value >> (4 * (digits - 1 - i))) & 0xF];
        }

        return digits;
    }

    private static int WriteNumber(uint value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out var written);
        return written;
    }
}
