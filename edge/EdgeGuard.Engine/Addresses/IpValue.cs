using System.Buffers.Binary;

namespace EdgeGuard.Engine.Addresses;

/// <summary>
/// An IP address as a number. IPv4 addresses that are mapped into IPv6 (<c>::ffff:192.0.2.1</c>) are the IPv4 addresses that they stand for, so
/// that nobody has two. An IPv6 zone is no part of it.
/// </summary>
public readonly record struct IpValue
{
    /// <summary>Bits of an IPv6 address.</summary>
    public const int MaxPrefix = 128;

    /// <summary>Longest text: eight groups of four digits with seven colons, a slash and the length of a prefix.</summary>
    public const int MaxTextBytes = 43;

    private const uint MappedPrefix = 0xFFFF;

    private IpValue(UInt128 bits, bool isV4)
    {
        Bits = bits;
        IsV4 = isV4;
    }

    /// <summary>The address; of IPv4 in the lowest 32 bits.</summary>
    public UInt128 Bits { get; }

    public bool IsV4 { get; }

    /// <summary>An IPv4 address.</summary>
    public static IpValue V4(uint bits) => new(bits, isV4: true);

    /// <summary>An IPv6 address, or the IPv4 address that is mapped into it.</summary>
    public static IpValue V6(UInt128 bits) => bits >> 32 == MappedPrefix ? V4((uint)bits) : new IpValue(bits, isV4: false);

    /// <summary>Reads 4 or 16 bytes in network order; false for any other length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IpValue address)
    {
        address = bytes.Length switch
        {
            4 => V4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
            16 => V6(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
            _ => default,
        };
        return bytes.Length is 4 or 16;
    }

    /// <summary>Reads dotted decimal without leading zeros, or IPv6 text (RFC 4291 section 2.2) without a zone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IpValue address) => IpText.TryParse(text, out address, out _);

    /// <summary>
    /// Writes the address, IPv6 in the form of RFC 5952 and grouped: with a prefix below 128 the network that the address is in, such as
    /// <c>2001:db8::/64</c>. IPv4 is never grouped.
    /// </summary>
    /// <param name="prefix">0 to 128.</param>
    /// <param name="destination">At least <see cref="MaxTextBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(int prefix, Span<byte> destination) => IpText.Write(this, prefix, destination);

    /// <summary>The bits that a prefix keeps.</summary>
    internal static UInt128 Mask(int prefix) => prefix == 0 ? 0 : UInt128.MaxValue << (MaxPrefix - prefix);
}
