using System.Net;
using System.Text;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Addresses;

public sealed class IpValueTests
{
    [Theory]
    [InlineData("192.0.2.1", 64, "192.0.2.1")]
    [InlineData("0.0.0.0", 128, "0.0.0.0")]
    [InlineData("::ffff:192.0.2.1", 64, "192.0.2.1")]
    [InlineData("::ffff:c000:201", 64, "192.0.2.1")]
    [InlineData("2001:DB8::1", 128, "2001:db8::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", 128, "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", 128, "2001:db8:0:1:1:1:1:1")]
    [InlineData("::", 128, "::")]
    [InlineData("::1", 128, "::1")]
    [InlineData("1::", 128, "1::")]
    [InlineData("2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::/64")]
    [InlineData("2001:db8::1:2:3:4", 64, "2001:db8::/64")]
    [InlineData("2001:db8:ffff:ffff::1", 49, "2001:db8:ffff:8000::/49")]
    [InlineData("2001:db8::1", 0, "::/0")]
    [InlineData("64:ff9b::192.0.2.33", 128, "64:ff9b::c000:221")]
    public void Write_Address_IsCanonicalAndGrouped(string text, int prefix, string expected) => Assert.Equal(expected, Written(Parsed(text), prefix));

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1..3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8")]
    [InlineData("12345::")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("[::1]")]
    [InlineData("g::")]
    public void TryParse_WhatIsNoAddress_IsRefused(string text) => Assert.False(IpValue.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void TryParse_RandomAddresses_AgreesWithTheFramework()
    {
        var random = Seeds.Next(out var seed);
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (var group = 0; group < 8; group++)
            {
                // Runs of zeros are what text forms differ by.
                if (random.Next(2) == 0)
                {
                    bytes.Slice(group * 2, 2).Clear();
                }
            }

            var length = random.Next(4) == 0 ? 4 : 16;
            var address = new IPAddress(bytes[..length]);
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            Assert.True(IpValue.TryRead(bytes[..length], out var value));
            Assert.True(value == Parsed(address.ToString()), $"seed {seed}: {address}");

            // The framework writes ::192.0.2.1 with dots, which RFC 5952 leaves to addresses known to hold one.
            var written = Written(value, 128);
            Assert.True(value == Parsed(written) && IPAddress.Parse(written).Equals(address), $"seed {seed}: {address} {written}");
        }
    }

    [Fact]
    public void TryRead_OtherLengths_AreRefused() => Assert.False(IpValue.TryRead(new byte[5], out _));

    [Fact]
    public void Write_AllocatesNothing()
    {
        var address = Parsed("2001:db8:1:2:3:4:5:6");
        Assert.Equal(0, Allocations.Least(() =>
        {
            Span<byte> text = stackalloc byte[IpValue.MaxTextBytes];
            for (var i = 0; i < 1000; i++)
            {
                address.Write(i % 129, text);
            }
        }));
    }

    private static IpValue Parsed(string text)
    {
        Assert.True(IpValue.TryParse(Encoding.UTF8.GetBytes(text), out var address), text);
        return address;
    }

    private static string Written(IpValue address, int prefix)
    {
        Span<byte> text = stackalloc byte[IpValue.MaxTextBytes];
        return Encoding.UTF8.GetString(text[..address.Write(prefix, text)]);
    }
}
