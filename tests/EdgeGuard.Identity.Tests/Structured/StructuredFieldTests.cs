using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Tests.Structured;

public sealed class StructuredFieldTests
{
    [Theory]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1,b=2", "a=1, b=2")]
    [InlineData("a=1 \t,  b=2", "a=1, b=2")]
    [InlineData("a", "a")]
    [InlineData("a=?1", "a")]
    [InlineData("a=?0", "a=?0")]
    [InlineData("a=?1;x", "a;x")]
    [InlineData("a=-0", "a=0")]
    [InlineData("a=-42", "a=-42")]
    [InlineData("a=999999999999999", "a=999999999999999")]
    [InlineData("a=1.50", "a=1.5")]
    [InlineData("a=-0.001", "a=-0.001")]
    [InlineData("a=100000000000.0", "a=100000000000.0")]
    [InlineData("a=\"x\\\"y\\\\z\"", "a=\"x\\\"y\\\\z\"")]
    [InlineData("a=\"\"", "a=\"\"")]
    [InlineData("a=tok/en:1*", "a=tok/en:1*")]
    [InlineData("a=*tok", "a=*tok")]
    [InlineData("a=:AQID:", "a=:AQID:")]
    [InlineData("a=::", "a=::")]
    [InlineData("a=()", "a=()")]
    [InlineData("a=(  \"x\"   y;p=1  );q", "a=(\"x\" y;p=1);q")]
    [InlineData("*a.b_c-1=1", "*a.b_c-1=1")]
    [InlineData("a;  x=1;  y", "a;x=1;y")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    public void TryReadDictionary_WellFormed_IsWrittenInOneForm(string text, string canonical)
    {
        Assert.True(StructuredFieldReader.TryReadDictionary(text, out var members));
        Assert.Equal(canonical, StructuredFieldWriter.Write(members));
    }

    [Theory]
    [InlineData("a=1,")]
    [InlineData(",a=1")]
    [InlineData("a=1,,b=2")]
    [InlineData("a=1 b=2")]
    [InlineData("a=1;")]
    [InlineData("A=1")]
    [InlineData("1=1")]
    [InlineData("a =1")]
    [InlineData("a= 1")]
    [InlineData("a=")]
    [InlineData("a=1, a=2")]
    [InlineData("a=1;x=1;x=2")]
    [InlineData("a=\"")]
    [InlineData("a=\"x")]
    [InlineData("a=\"x\\")]
    [InlineData("a=\"\\n\"")]
    [InlineData("a=\"\u00e9\"")]
    [InlineData("a=\"\t\"")]
    [InlineData("a=\"\u007f\"")]
    [InlineData("a=:AQ:")]
    [InlineData("a=:AQ==")]
    [InlineData("a=:AR==:")]
    [InlineData("a=:A Q=:")]
    [InlineData("a=:AQI_:")]
    [InlineData("a=:AQID:x")]
    [InlineData("a=?2")]
    [InlineData("a=?")]
    [InlineData("a=1000000000000000")]
    [InlineData("a=1.")]
    [InlineData("a=1.0000")]
    [InlineData("a=1000000000000.0")]
    [InlineData("a=--1")]
    [InlineData("a=-")]
    [InlineData("a=+1")]
    [InlineData("a=@1")]
    [InlineData("a=%\"x\"")]
    [InlineData("a=(")]
    [InlineData("a=(1")]
    [InlineData("a=(1,2)")]
    [InlineData("a=(1\t2)")]
    [InlineData("a=(\"x\"\"y\")")]
    [InlineData("a=((1))")]
    [InlineData("a=1\u0000")]
    [InlineData("a=1\n")]
    [InlineData("\ta=1")]
    [InlineData("a;=1")]
    [InlineData("a;X")]
    public void TryReadDictionary_Malformed_IsRefused(string text) =>
        Assert.False(StructuredFieldReader.TryReadDictionary(text, out _));

    [Fact]
    public void TryReadDictionary_AtItsBounds_IsReadAndBeyondThemRefused()
    {
        static string Members(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"a{i}=1"));
        static string Parameters(int count) => "a" + string.Concat(Enumerable.Range(0, count).Select(i => $";a{i}"));
        static string Items(int count) => $"a=({string.Join(' ', Enumerable.Repeat("1", count))})";
        foreach (var make in (Func<int, string>[])[Members, Parameters, Items])
        {
            Assert.True(StructuredFieldReader.TryReadDictionary(make(StructuredFieldReader.MaxEntries), out _));
            Assert.False(StructuredFieldReader.TryReadDictionary(make(StructuredFieldReader.MaxEntries + 1), out _));
        }

        Assert.True(StructuredFieldReader.TryReadDictionary("a=\"" + new string('x', StructuredFieldReader.MaxLength - 4) + "\"", out _));
        Assert.False(StructuredFieldReader.TryReadDictionary("a=\"" + new string('x', StructuredFieldReader.MaxLength - 3) + "\"", out _));
    }

    [Theory]
    [InlineData("1, (2 3);x, tok", "1, (2 3);x, tok")]
    [InlineData("a,a", "a, a")]
    public void TryReadList_WellFormed_IsWrittenInOneForm(string text, string canonical)
    {
        Assert.True(StructuredFieldReader.TryReadList(text, out var members));
        Assert.Equal(canonical, StructuredFieldWriter.Write(members));
    }

    [Theory]
    [InlineData("\"x\"; p=1", "\"x\";p=1")]
    [InlineData("  7 ", "7")]
    public void TryReadItem_WellFormed_IsWrittenInOneForm(string text, string canonical)
    {
        Assert.True(StructuredFieldReader.TryReadItem(text, out var item));
        Assert.Equal(canonical, StructuredFieldWriter.Write(item));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1, 2")]
    [InlineData("(1)")]
    [InlineData("1 2")]
    public void TryReadItem_NotOneItem_IsRefused(string text) => Assert.False(StructuredFieldReader.TryReadItem(text, out _));

    [Fact]
    public void Read_RandomText_NeverThrowsAndWhatIsReadIsReadAgain()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        const string Alphabet = "abz019=,;() \t\"\\:?-.*@%A+/\u00e9\0";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (StructuredFieldReader.TryReadDictionary(text, out var members))
            {
                var canonical = StructuredFieldWriter.Write(members);
                Assert.True(StructuredFieldReader.TryReadDictionary(canonical, out var again), $"seed {seed}: {text}");
                Assert.Equal(canonical, StructuredFieldWriter.Write(again));
            }

            _ = StructuredFieldReader.TryReadList(text, out _);
            _ = StructuredFieldReader.TryReadItem(text, out _);
        }
    }
}
