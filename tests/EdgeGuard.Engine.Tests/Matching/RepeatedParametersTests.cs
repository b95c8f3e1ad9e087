using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Matching;

public sealed class RepeatedParametersTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=1", "a=1")]
    [InlineData("a=1&a=2", "a=1")]
    [InlineData("a=1&b=2&a=3&b=4", "a=1&b=2&b=4")]
    [InlineData("a&%61=2", "a")]
    [InlineData("b&&a=1&&a=2&", "b&&a=1&&")]
    [InlineData("A=1&a=2", "A=1&a=2")]
    public void Remove_RepeatedParameter_KeepsTheFirstOfThoseDecidedOn(string query, string kept)
    {
        var plan = new FactPlan([Query("a")]);
        var rest = new byte[query.Length];
        var length = RepeatedParameters.Remove(Encoding.UTF8.GetBytes(query), plan, rest);
        Assert.Equal(kept, Encoding.UTF8.GetString(rest.AsSpan(0, length)));
    }
}
