using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Matching;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("a=1", FactState.Present, "1")]
    [InlineData("x=2&a=1&y", FactState.Present, "1")]
    [InlineData("a=1&a=2", FactState.Unverifiable, "")]
    [InlineData("a=&a=1", FactState.Unverifiable, "")]
    [InlineData("a&a=1", FactState.Unverifiable, "")]
    [InlineData("a=1&a=", FactState.Unverifiable, "")]
    [InlineData("a=1&a=1&a=2", FactState.Unverifiable, "")]
    [InlineData("a=1&b=2&%61=%31", FactState.Present, "1")]
    [InlineData("a=&x=1&a", FactState.Missing, "")]
    [InlineData("a=1&a=%zz", FactState.Unverifiable, "")]
    [InlineData("a", FactState.Missing, "")]
    [InlineData("a=", FactState.Missing, "")]
    [InlineData("A=1", FactState.Missing, "")]
    [InlineData("ab=1&b=2", FactState.Missing, "")]
    [InlineData("%61=1", FactState.Present, "1")]
    [InlineData("a=%41+b%2B", FactState.Present, "A b+")]
    [InlineData("a=b=c", FactState.Present, "b=c")]
    [InlineData("a=%zz", FactState.Unverifiable, "")]
    [InlineData("a=%", FactState.Unverifiable, "")]
    [InlineData("a=%4&a=ok", FactState.Unverifiable, "")]
    [InlineData("&&a=1", FactState.Present, "1")]
    public void Fill_Query_ReadsTheParameter(string query, FactState state, string value)
    {
        var facts = Filled(query);
        Assert.Equal(state, facts.StateOf(1));
        Assert.Equal(value, state == FactState.Present ? Encoding.UTF8.GetString(facts.ValueOf(1)) : string.Empty);
        Assert.Equal(FactState.Missing, facts.StateOf(0));
    }

    // An upstream sees what stands behind any padding; what it sees and the edge does not would be no one's.
    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(4000)]
    public void Fill_PaddingBeforeTheParameter_HidesNothing(int before) =>
        Assert.Equal(FactState.Present, Filled(string.Concat(Enumerable.Repeat("x&", before)) + "a=1").StateOf(1));

    [Theory]
    [InlineData(4096, false, FactState.Present)]
    [InlineData(4097, false, FactState.Unverifiable)]
    [InlineData(4096, true, FactState.Present)]
    [InlineData(4097, true, FactState.Unverifiable)]
    public void Fill_LongValue_IsNeverTruncated(int length, bool encoded, FactState state) =>
        Assert.Equal(state, Filled("a=" + string.Concat(Enumerable.Repeat(encoded ? "%41" : "A", length))).StateOf(1));

    // A kill switch only ever refuses, so it may look at a value that is in doubt.
    [Fact]
    public void Fill_TwoValues_KeepsTheFirstForKillSwitches() => Assert.Equal("1"u8.ToArray(), Filled("a=1&a=2").ValueOf(1).ToArray());

    private static FactSet Filled(string query)
    {
        var plan = new FactPlan([Header("a"), Query("a")]);
        var facts = new FactSet();
        facts.Begin(plan);
        QueryReader.Fill(Encoding.UTF8.GetBytes(query), plan, facts);
        return facts;
    }
}
