using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Facts;

public sealed class CookieReaderTests
{
    [Theory]
    [InlineData("sid=a", "a")]
    [InlineData("x=1; sid=a; y=2", "a")]
    [InlineData("x=1;sid=a", "a")]
    [InlineData("  sid \t=\t a  ", "a")]
    [InlineData("sid=a=b", "a=b")]
    [InlineData("sid=\"a\"", "a")]
    [InlineData("sid=\"", "\"")]
    [InlineData("sid=\"\"", null)]
    [InlineData("sid=a; sid=b", "a")]
    [InlineData("sid=; sid=b", null)]
    [InlineData("SID=a", null)]
    [InlineData("sid", null)]
    [InlineData("=a", null)]
    [InlineData("sidx=a; xsid=b", null)]
    [InlineData("", null)]
    [InlineData(";;; ; =;", null)]
    [InlineData("sid=a%20b", "a%20b")]
    [InlineData("x=\"1; sid=a", "a")]
    [InlineData("sid=é", "é")]
    public void Fill_Header_GivesTheFirstExactName(string header, string? expected)
    {
        Assert.Equal(expected, Value(header, bytes: false));
        Assert.Equal(expected, Value(header, bytes: true));
    }

    [Fact]
    public void Fill_ValueLongerThanAFact_IsUnverifiable()
    {
        var facts = Filled("sid=" + new string('a', FactSet.MaxValueBytes + 1), Plan("sid"));
        Assert.Equal(FactState.Unverifiable, facts.StateOf(0));
    }

    [Fact]
    public void Fill_MoreNamesThanOnePass_FindsThemAll()
    {
        string[] names = [.. Enumerable.Range(0, 600).Select(i => $"c{i}")];
        var facts = Filled(string.Join("; ", names.Reverse().Select(name => $"{name}=v{name}")), Plan(names));
        for (var slot = 0; slot < names.Length; slot++)
        {
            Assert.Equal("v" + names[slot], Encoding.UTF8.GetString(facts.ValueOf(slot)));
        }
    }

    [Fact]
    public void Fill_ManyCookiesBefore_StillFinds()
    {
        var facts = Filled(string.Concat(Enumerable.Repeat("a=b; ", 6000)) + "sid=x", Plan("sid"));
        Assert.Equal("x", Encoding.UTF8.GetString(facts.ValueOf(0)));
    }

    [Fact]
    public void Fill_AllocatesNothing()
    {
        var plan = Plan("sid", "theme");
        var facts = new FactSet();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                facts.Begin(plan);
                CookieReader.Fill("theme=dark; sid=\"0123456789abcdef\"; other=1", plan, facts);
            }
        }));
    }

    private static string? Value(string header, bool bytes)
    {
        var plan = Plan("sid");
        var facts = new FactSet();
        facts.Begin(plan);
        if (bytes)
        {
            CookieReader.Fill(Encoding.UTF8.GetBytes(header), plan, facts);
        }
        else
        {
            CookieReader.Fill(header, plan, facts);
        }

        return facts.StateOf(0) == FactState.Present ? Encoding.UTF8.GetString(facts.ValueOf(0)) : null;
    }

    private static FactPlan Plan(params string[] names) => new([.. names.Select(name => new DescriptorKey(DescriptorKind.Cookie, name))]);

    private static FactSet Filled(string header, FactPlan plan)
    {
        var facts = new FactSet();
        facts.Begin(plan);
        CookieReader.Fill(header, plan, facts);
        return facts;
    }
}
