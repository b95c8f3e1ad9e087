using System.Buffers;
using System.Text;
using EdgeGuard.Edge.ProxyProtocol;

namespace EdgeGuard.Edge.Tests.ProxyProtocol;

public sealed class ProxyProtocolHeaderTests
{
    private static readonly byte[] V4 = [192, 0, 2, 7, 198, 51, 100, 9, 0x1F, 0x90, 0x01, 0xBB];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 8080 443\r\n", "192.0.2.7:8080")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 8080 443\r\n", "[2001:db8::1]:8080")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", null)]
    public void Text_WellFormed_TellsTheClient(string text, string? source)
    {
        var bytes = Encoding.Latin1.GetBytes(text + "GET /");

        Assert.Equal(OperationStatus.Done, ProxyProtocolHeader.TryRead(bytes, out var header, out var consumed));
        Assert.Equal((source, text.Length), (header!.Source?.ToString(), consumed));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 8080\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 8080 443 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 8080 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 -1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9 +1 443\r\n")]
    [InlineData("PROXY TCP4 1 198.51.100.9 1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.07 198.51.100.9 1 443\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 443\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.9 1 443\r\n")]
    [InlineData("PROXY TCP6 fe80::1%lo fe80::2 1 443\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 198.51.100.9 1 443\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.7 198.51.100.9 1 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.9  443\r\n")]
    [InlineData("proxy TCP4 192.0.2.7 198.51.100.9 1 443\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r")]
    public void Anything_Else_IsRefused(string text) =>
        Assert.Equal(OperationStatus.InvalidData, ProxyProtocolHeader.TryRead(Encoding.Latin1.GetBytes(text), out _, out _));

    [Fact]
    public void Text_WithoutItsEnd_IsRefusedAfter107Bytes()
    {
        var text = Encoding.Latin1.GetBytes("PROXY UNKNOWN " + new string('x', 200));

        Assert.Equal(OperationStatus.NeedMoreData, ProxyProtocolHeader.TryRead(text.AsSpan(0, 106), out _, out _));
        Assert.Equal(OperationStatus.InvalidData, ProxyProtocolHeader.TryRead(text.AsSpan(0, 107), out _, out _));
    }

    [Fact]
    public void Binary_WellFormed_TellsTheClientAndSkipsExtensions()
    {
        byte[] v6 = [.. Address("2001:db8::1"), .. Address("2001:db8::2"), 0x1F, 0x90, 0x01, 0xBB];

        Assert.Equal("192.0.2.7:8080", Source(Binary(0x21, 0x11, V4)));
        Assert.Equal("[2001:db8::1]:8080", Source(Binary(0x21, 0x21, v6)));
        Assert.Equal("192.0.2.7:8080", Source(Binary(0x21, 0x11, [.. V4, 0x04, 0, 3, 1, 2, 3, 0x01, 0, 2, (byte)'h', (byte)'2'])));
        Assert.Null(Source(Binary(0x21, 0x00, [])));
        Assert.Null(Source(Binary(0x20, 0x00, [])));
        Assert.Null(Source(Binary(0x20, 0x11, V4)));
        Assert.Null(Source(Binary(0x20, 0x31, new byte[216])));
    }

    [Fact]
    public void Binary_Malformed_IsRefused()
    {
        Assert.All(
            (byte[][])
            [
                Binary(0x11, 0x11, V4), // Another version.
                Binary(0x22, 0x11, V4), // An unknown command.
                Binary(0x21, 0x12, V4), // Datagrams.
                Binary(0x21, 0x31, new byte[216]), // Unix sockets.
                Binary(0x21, 0x11, V4[..11]), // Addresses that are cut.
                Binary(0x21, 0x21, V4), // IPv6 with the addresses of IPv4.
                Binary(0x21, 0x11, [.. V4, 4, 0]), // An extension that is cut in its head,
                Binary(0x21, 0x11, [.. V4, 4, 0, 2, 1]), // or in its value.
                Binary(0x21, 0x11, new byte[4097]), // Longer than anybody needs.
            ],
            bytes => Assert.Equal(OperationStatus.InvalidData, ProxyProtocolHeader.TryRead(bytes, out _, out _)));
    }

    [Fact]
    public void Header_InPieces_IsWaitedFor()
    {
        foreach (var whole in (byte[][])[Encoding.Latin1.GetBytes("PROXY TCP4 192.0.2.7 198.51.100.9 8080 443\r\n"), Binary(0x21, 0x11, V4)])
        {
            for (var length = 0; length < whole.Length; length++)
            {
                Assert.Equal(OperationStatus.NeedMoreData, ProxyProtocolHeader.TryRead(whole.AsSpan(0, length), out _, out _));
            }
        }
    }

    public static byte[] Binary(byte command, byte family, byte[] block) =>
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, (byte)(block.Length >> 8), (byte)block.Length, .. block];

    private static byte[] Address(string text) => System.Net.IPAddress.Parse(text).GetAddressBytes();

    private static string? Source(byte[] bytes)
    {
        Assert.Equal(OperationStatus.Done, ProxyProtocolHeader.TryRead([.. bytes, 1, 2, 3], out var header, out var consumed));
        Assert.Equal(bytes.Length, consumed);
        return header!.Source?.ToString();
    }
}
