using System.Globalization;
using System.Text;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Addresses;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("192.0.2.1", "DE")]
    [InlineData("192.0.2.255", "DE")]
    [InlineData("192.0.3.0", "")]
    [InlineData("10.1.2.3", "US")]
    [InlineData("10.1.0.0", "FR")]
    [InlineData("10.1.1.7", "FR")]
    [InlineData("10.1.1.8", "")]
    [InlineData("10.1.1.9", "FR")]
    [InlineData("10.255.255.255", "US")]
    [InlineData("11.0.0.0", "")]
    [InlineData("9.255.255.255", "")]
    [InlineData("255.255.255.255", "JP")]
    [InlineData("2001:db8::1", "GB")]
    [InlineData("2001:db8:1::1", "SE")]
    [InlineData("2001:db9::", "")]
    [InlineData("::ffff:192.0.2.9", "DE")]
    [InlineData("198.51.100.200", "T1")]
    public void Find_Address_GivesTheLongestPrefix(string address, string country)
    {
        var list = Read(AddressListKind.Country, """
            # countries
            192.0.2.0/24 DE
            10.0.0.0/8   us   # large

            10.1.0.0/23,FR
            10.1.1.8/32	-
            10.1.2.0/24 US
            255.255.255.255 JP
            2001:db8::/32 GB
            2001:db8:1::/48 SE
            ::ffff:198.51.100.0/120 T1
            203.0.113.0/24 XX
            """);
        Assert.Equal(country, Text(list, address));
        Assert.Equal(10, list.Entries);
    }

    [Fact]
    public void Find_DefaultRoutes_HoldEverything()
    {
        var list = Read(AddressListKind.Asn, "0.0.0.0/0 AS64500\n::/0 64501\n::1 4294967295");
        Assert.Equal("64500", Text(list, "0.0.0.0"));
        Assert.Equal("64500", Text(list, "255.255.255.255"));
        Assert.Equal("64501", Text(list, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        Assert.Equal("4294967295", Text(list, "::1"));
        Assert.Equal("64501", Text(list, "::2"));
    }

    [Fact]
    public void Find_EmptyList_GivesNothing()
    {
        var list = Read(AddressListKind.Tor, "# nobody\n\n");
        Assert.Equal(string.Empty, Text(list, "192.0.2.1"));
        Assert.Equal(string.Empty, Text(list, "2001:db8::1"));
    }

    [Fact]
    public void Find_TorList_IsOfAddressesAlone()
    {
        var list = Read(AddressListKind.Tor, "\uFEFF192.0.2.7\r\n2001:db8::/64\r\n");
        Assert.Equal("true", Text(list, "192.0.2.7"));
        Assert.Equal("true", Text(list, "2001:db8::9"));
        Assert.Equal(string.Empty, Text(list, "192.0.2.8"));
    }

    [Fact]
    public void FindSystem_TypeList_TakesNetworksAndSystems()
    {
        var list = Read(AddressListKind.Type, "AS64500 hosting\nas64501 Mobile\n192.0.2.0/24 residential\nAS64502 -");
        Assert.True(list.HasSystems);
        Assert.Equal("hosting", Text(list, list.FindSystem(64500)));
        Assert.Equal("mobile", Text(list, list.FindSystem(64501)));
        Assert.Equal(AddressValue.None, list.FindSystem(64502));
        Assert.Equal("residential", Text(list, "192.0.2.1"));
    }

    [Theory]
    [InlineData("hosting")]
    [InlineData("isp")]
    [InlineData("business")]
    [InlineData("education_research")]
    [InlineData("government_admin")]
    [InlineData("residential")]
    [InlineData("mobile")]
    [InlineData("unrouted")]
    [InlineData("unknown")]
    public void Find_EachKindOfNetwork_IsTold(string kind) => Assert.Equal(kind, Text(Read(AddressListKind.Type, $"192.0.2.0/24 {kind}"), "192.0.2.1"));

    [Fact]
    public void Find_RandomNetworks_AgreesWithASearchOfAll()
    {
        var random = Seeds.Next(out var seed);
        for (var round = 0; round < 60; round++)
        {
            var reference = new ReferenceList();
            var text = new StringBuilder();
            for (var i = random.Next(1, 200); i > 0; i--)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{reference.AddRandom(random)}");
            }

            var list = Read(AddressListKind.Asn, text.ToString());
            foreach (var address in reference.Probes(random))
            {
                Assert.True(reference.Find(address) == list.Find(address), $"seed {seed}, round {round}, address {address.Bits:x}:\n{text}");
            }
        }
    }

    [Fact]
    public void Find_AllocatesNothing()
    {
        var list = Read(AddressListKind.Country, "10.0.0.0/8 US\n2001:db8::/32 GB");
        Assert.True(IpValue.TryParse("2001:db8::7"u8, out var v6));
        Assert.Equal(0, Allocations.Least(() =>
        {
            Span<byte> text = stackalloc byte[AddressValue.MaxBytes];
            for (var i = 0; i < 1000; i++)
            {
                AddressValue.Write(AddressListKind.Country, list.Find(IpValue.V4((uint)i * 4_000_000)), text);
                AddressValue.Write(AddressListKind.Country, list.Find(v6), text);
            }
        }));
    }

    [Fact]
    public void Read_AMillionLines_StaysSmall()
    {
        var reader = new AddressListReader(AddressListKind.Asn, "asn.txt");
        var lines = new StringBuilder();
        for (var i = 0; i < 1_000_000; i++)
        {
            var address = (uint)i << 12;
            lines.Append(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.0/20 {(i % 70_000) + 1}\n");
            if (lines.Length > 60_000)
            {
                Assert.True(reader.Feed(Encoding.ASCII.GetBytes(lines.ToString())));
                lines.Clear();
            }
        }

        reader.Feed(Encoding.ASCII.GetBytes(lines.ToString()));
        var list = reader.Finish(out var findings);
        Assert.Empty(findings);
        Assert.Equal(1_000_000, list!.Entries);
        Assert.InRange(list.Bytes, 1_000_000 * 8, 10_000_000);
        Assert.Equal("3", Text(list, "0.0.32.9"));
    }

    private static AddressList Read(AddressListKind kind, string text)
    {
        var reader = new AddressListReader(kind, "list.txt");
        Assert.True(reader.Feed(Encoding.UTF8.GetBytes(text)));
        var list = reader.Finish(out var findings);
        Assert.Empty(findings);
        return list!;
    }

    private static string Text(AddressList list, string address)
    {
        Assert.True(IpValue.TryParse(Encoding.UTF8.GetBytes(address), out var value));
        return Text(list, list.Find(value));
    }

    private static string Text(AddressList list, uint value)
    {
        Span<byte> text = stackalloc byte[AddressValue.MaxBytes];
        return Encoding.UTF8.GetString(text[..AddressValue.Write(list.Kind, value, text)]);
    }
}
