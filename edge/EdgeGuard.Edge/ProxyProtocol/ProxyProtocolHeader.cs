using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace EdgeGuard.Edge.ProxyProtocol;

/// <summary>
/// What a load balancer tells of a connection: the PROXY protocol of HAProxy (its document <c>proxy-protocol.txt</c>), version 1 (text) and 2 (binary).
/// </summary>
/// <param name="Source">The client; null when the load balancer speaks for itself (LOCAL, UNKNOWN, or an address that is none of IP).</param>
/// <param name="Destination">Where the client had connected to; null with no source.</param>
internal sealed record ProxyProtocolHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    private const int MaxText = 107;
    private const int FixedBinary = 16;

    // Room for addresses and extensions: load balancers send up to a few hundred bytes, with a certificate's names up to 2 KiB.
    private const int MaxBinary = 4096;

    private static readonly ProxyProtocolHeader Unknown = new(null, null);

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header from the begin of what was received.</summary>
    /// <param name="received">Everything so far.</param>
    /// <param name="header">The header, when done.</param>
    /// <param name="consumed">How long it is, when done.</param>
    /// <returns>Done, NeedMoreData, or InvalidData as soon as it cannot become one.</returns>
    public static OperationStatus TryRead(in ReadOnlySequence<byte> received, out ProxyProtocolHeader? header, out int consumed)
    {
        var length = (int)Math.Min(received.Length, FixedBinary + MaxBinary);
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        try
        {
            received.Slice(0, length).CopyTo(rented);
            return TryRead(rented.AsSpan(0, length), out header, out consumed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <inheritdoc cref="TryRead(in ReadOnlySequence{byte}, out ProxyProtocolHeader?, out int)"/>
    public static OperationStatus TryRead(ReadOnlySpan<byte> received, out ProxyProtocolHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        if (received.StartsWith(Signature))
        {
            return TryReadBinary(received, out header, out consumed);
        }

        if (received.StartsWith("PROXY "u8))
        {
            return TryReadText(received, out header, out consumed);
        }

        return Signature.StartsWith(received) || "PROXY "u8.StartsWith(received) ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
    }

    private static OperationStatus TryReadText(ReadOnlySpan<byte> received, out ProxyProtocolHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        var end = received[..Math.Min(received.Length, MaxText)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return received.Length < MaxText ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;
        }

        consumed = end + 2;
        var parts = Encoding.Latin1.GetString(received[..end]).Split(' ');
        if (parts is ["PROXY", "UNKNOWN", ..])
        {
            header = Unknown;
            return OperationStatus.Done;
        }

        var family = parts.Length == 6
            ? parts[1] switch
            {
                "TCP4" => System.Net.Sockets.AddressFamily.InterNetwork,
                "TCP6" => System.Net.Sockets.AddressFamily.InterNetworkV6,
                _ => System.Net.Sockets.AddressFamily.Unspecified,
            }
            : System.Net.Sockets.AddressFamily.Unspecified;
        if (family == System.Net.Sockets.AddressFamily.Unspecified
            || !TryReadAddress(parts[2], family, out var source) || !TryReadAddress(parts[3], family, out var destination)
            || !TryReadPort(parts[4], out var sourcePort) || !TryReadPort(parts[5], out var destinationPort))
        {
            return OperationStatus.InvalidData;
        }

        header = new ProxyProtocolHeader(new IPEndPoint(source!, sourcePort), new IPEndPoint(destination!, destinationPort));
        return OperationStatus.Done;
    }

    private static bool TryReadAddress(string text, System.Net.Sockets.AddressFamily family, out IPAddress? address)
    {
        // The parser also takes "1" for 0.0.0.1 and scope ids.
        address = null;
        var isDotted = family == System.Net.Sockets.AddressFamily.InterNetworkV6 || text.Count(character => character == '.') == 3;
        return isDotted && !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out address) && address.AddressFamily == family
            && (family == System.Net.Sockets.AddressFamily.InterNetworkV6 || address.ToString() == text);
    }

    private static bool TryReadPort(string text, out int port)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        return Utf8Parser.TryParse(bytes, out port, out var read) && read == bytes.Length && port is >= 0 and <= 65535 && char.IsAsciiDigit(text[0]);
    }

    private static OperationStatus TryReadBinary(ReadOnlySpan<byte> received, out ProxyProtocolHeader? header, out int consumed)
    {
        (header, consumed) = (null, 0);
        if (received.Length < FixedBinary)
        {
            return OperationStatus.NeedMoreData;
        }

        var (command, family) = (received[12], received[13]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(received[14..]);
        if (command >> 4 != 2 || (command & 0xF) > 1 || length > MaxBinary)
        {
            return OperationStatus.InvalidData;
        }

        if (received.Length < FixedBinary + length)
        {
            return OperationStatus.NeedMoreData;
        }

        consumed = FixedBinary + length;
        var block = received.Slice(FixedBinary, length);
        if ((command & 0xF) == 0)
        {
            // LOCAL: the load balancer asks for itself, whatever else it says.
            header = Unknown;
            return OperationStatus.Done;
        }

        // The high half is the family of addresses, the low one the transport: 1 is a stream. Extensions follow the addresses and are not needed.
        (var size, var isKnown) = family switch
        {
            0x11 => (4, true),
            0x21 => (16, true),
            0x00 => (0, true),
            _ => (0, false),
        };
        var addresses = (2 * size) + 4;
        if (!isKnown || (size > 0 && (block.Length < addresses || !AreExtensions(block[addresses..]))))
        {
            return OperationStatus.InvalidData;
        }

        header = size == 0 ? Unknown : new ProxyProtocolHeader(
            new IPEndPoint(new IPAddress(block[..size]), BinaryPrimitives.ReadUInt16BigEndian(block[(2 * size)..])),
            new IPEndPoint(new IPAddress(block.Slice(size, size)), BinaryPrimitives.ReadUInt16BigEndian(block[((2 * size) + 2)..])));
        return OperationStatus.Done;
    }

    // Type, length and value, one after the other, to the very end.
    private static bool AreExtensions(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest.Length < 3)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (rest.Length < 3 + length)
            {
                return false;
            }

            rest = rest[(3 + length)..];
        }

        return true;
    }
}
