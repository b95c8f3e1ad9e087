using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Addresses;

public sealed class AddressListReaderTests
{
    [Theory]
    [InlineData(AddressListKind.Country, "nonsense DE", "`nonsense` is no address and no network")]
    [InlineData(AddressListKind.Country, "192.0.2.0/33 DE", "`192.0.2.0/33` is no address and no network")]
    [InlineData(AddressListKind.Country, "192.0.2.0/ DE", "`192.0.2.0/` is no address and no network")]
    [InlineData(AddressListKind.Country, "192.0.2.0/-1 DE", "`192.0.2.0/-1` is no address and no network")]
    [InlineData(AddressListKind.Country, "::/129 DE", "`::/129` is no address and no network")]
    [InlineData(AddressListKind.Country, "::ffff:0:0/95 DE", "`::ffff:0:0/95` is no address and no network")]
    [InlineData(AddressListKind.Country, "192.0.2.1/24 DE", "`192.0.2.1/24` has bits set behind its prefix")]
    [InlineData(AddressListKind.Country, "2001:db8::1/32 DE", "`2001:db8::1/32` has bits set behind its prefix")]
    [InlineData(AddressListKind.Country, "192.0.2.0/24", "the line has no value")]
    [InlineData(AddressListKind.Country, "192.0.2.0/24 Germany", "`Germany` is no value of ip:country")]
    [InlineData(AddressListKind.Country, "192.0.2.0/24 D\u0007", "`D?` is no value of ip:country")]
    [InlineData(AddressListKind.Country, "192.0.2.0/24 DE more", "there is more on the line than a network and a value")]
    [InlineData(AddressListKind.Country, "AS64500 DE", "`AS64500` is no address and no network")]
    [InlineData(AddressListKind.Asn, "192.0.2.0/24 4294967296", "`4294967296` is no value of ip:asn")]
    [InlineData(AddressListKind.Asn, "192.0.2.0/24 AS", "`AS` is no value of ip:asn")]
    [InlineData(AddressListKind.Asn, "192.0.2.0/24 -1", "`-1` is no value of ip:asn")]
    [InlineData(AddressListKind.Type, "192.0.2.0/24 satellite", "`satellite` is no value of ip:type")]
    [InlineData(AddressListKind.Type, "ASx hosting", "`ASx` is no autonomous system")]
    [InlineData(AddressListKind.Tor, "192.0.2.1 yes", "`yes` is no value of ip:tor")]
    public void Finish_BadLine_IsToldWithItsNumber(AddressListKind kind, string line, string message)
    {
        var findings = Findings(kind, "# first\n" + line + "\n");
        var finding = Assert.Single(findings);
        Assert.Equal(("EG3221", "list.txt", 2, message), (finding.Code, finding.Location.File, finding.Location.Line, finding.Message));
        Assert.NotEmpty(finding.Fix);
    }

    [Fact]
    public void Finish_ManyBadLines_TellsSomeAndCountsTheOthers()
    {
        var findings = Findings(AddressListKind.Country, string.Concat(Enumerable.Repeat("bad line here\n", 1000)));
        Assert.Equal(AddressListReader.MaxFindings + 1, findings.Length);
        Assert.Equal([.. Enumerable.Range(1, 20)], findings.Take(20).Select(finding => finding.Location.Line));
        Assert.Equal("980 more lines are wrong", findings[^1].Message);
    }

    [Fact]
    public void Finish_OneNetworkTwice_IsAContradictionOnlyIfTheySayDifferentThings()
    {
        Assert.Empty(Findings(AddressListKind.Country, "192.0.2.0/24 DE\n192.0.2.0/24 de\n"));
        var finding = Assert.Single(Findings(AddressListKind.Country, "192.0.2.0/24 DE\n10.0.0.0/8 US\n192.0.2.0/24 FR\n"));
        Assert.Equal(("EG3222", 3), (finding.Code, finding.Location.Line));
        Assert.Contains("line 1", finding.Message, StringComparison.Ordinal);
        Assert.Equal("EG3222", Assert.Single(Findings(AddressListKind.Type, "AS1 hosting\nAS1 mobile\n")).Code);
    }

    [Fact]
    public void Finish_OverlongLine_IsOneProblemAndReadingGoesOn()
    {
        var findings = Findings(AddressListKind.Country, new string('x', 500_000) + "\n192.0.2.0/24 DE\nbad DE");
        Assert.Equal([1, 3], findings.Select(finding => finding.Location.Line));
    }

    [Fact]
    public void Feed_TooManyNetworks_Stops()
    {
        var reader = new AddressListReader(AddressListKind.Tor, "list.txt");
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("192.0.2.1\n", 100_000)));
        var pieces = 0;
        while (reader.Feed(lines))
        {
            pieces++;
        }

        Assert.Equal(AddressListReader.MaxEntries / 100_000, pieces);
        Assert.Null(reader.Finish(out var findings));
        Assert.Equal("EG3223", Assert.Single(findings).Code);
    }

    [Fact]
    public void Feed_AnyPieces_GiveTheSameList()
    {
        var random = Seeds.Next(out var seed);
        var text = Encoding.UTF8.GetBytes("# é\r\n192.0.2.0/24 DE\r\n10.0.0.0/8 US # x\n2001:db8::/32 GB");
        for (var round = 0; round < 200; round++)
        {
            var reader = new AddressListReader(AddressListKind.Country, "list.txt");
            for (var start = 0; start < text.Length;)
            {
                var length = Math.Min(random.Next(1, 9), text.Length - start);
                reader.Feed(text.AsSpan(start, length));
                start += length;
            }

            Assert.True(reader.Finish(out _)?.Entries == 3, $"seed {seed}");
        }
    }

    [Fact]
    public void Feed_RandomBytes_NeverThrows()
    {
        var random = Seeds.Next(out _);
        var bytes = new byte[5000];
        foreach (var kind in Enum.GetValues<AddressListKind>())
        {
            for (var round = 0; round < 100; round++)
            {
                random.NextBytes(bytes);
                for (var i = 0; i < bytes.Length; i++)
                {
                    // Mostly what lists are made of, so that deeper code is reached.
                    bytes[i] = random.Next(10) == 0 ? bytes[i] : (byte)"0123456789abcdefAS:./ \n#,-"[bytes[i] % 26];
                }

                var reader = new AddressListReader(kind, "list.txt");
                reader.Feed(bytes);
                reader.Finish(out _);
            }
        }
    }

    private static Diagnostic[] Findings(AddressListKind kind, string text)
    {
        var reader = new AddressListReader(kind, "list.txt");
        reader.Feed(Encoding.UTF8.GetBytes(text));
        var list = reader.Finish(out var findings);
        Assert.Equal(findings.IsEmpty, list is not null);
        return [.. findings];
    }
}
