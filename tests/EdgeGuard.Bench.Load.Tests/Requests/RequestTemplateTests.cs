using System.Text;
using EdgeGuard.Bench.Load.Requests;

namespace EdgeGuard.Bench.Load.Tests.Requests;

public sealed class RequestTemplateTests
{
    private static string Next(RequestTemplate template) => Encoding.UTF8.GetString(template.Next());

    [Fact]
    public void Compose_WithABody_StatesHostAndLength()
        => Assert.Equal(
            "POST /a%2Fb?x={key:5} HTTP/1.1\r\nHost: 127.0.0.1:81\r\nX-A: 1\r\nContent-Length: 3\r\n\r\n\u00e4b",
            RequestTemplate.Compose("POST", new Uri("http://127.0.0.1:81/a%2Fb?x={key:5}"), ["X-A: 1"], "\u00e4b"));

    [Fact]
    public void Compose_WithAHostHeader_AddsNone()
        => Assert.Equal("GET / HTTP/1.1\r\nhost: other\r\n\r\n", RequestTemplate.Compose("GET", new Uri("http://127.0.0.1:81"), ["host: other"], string.Empty));

    [Fact]
    public void Next_OfASequence_Counts()
    {
        RequestTemplate template = new("a{seq}b{seq}", null, 1);

        Assert.Equal("a0b1", Next(template));
        Assert.Equal("a2b3", Next(template));
    }

    [Fact]
    public void Next_OfAKey_HasItsCardinality()
    {
        RequestTemplate template = new("{key:10}", null, 1);

        string[] seen = [.. Enumerable.Range(0, 1000).Select(_ => Next(template)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], seen);
    }

    [Theory]
    [InlineData("{\"a\":{\"b\":1}}")]
    [InlineData("{key:0}{key:x}{}{")]
    public void Next_OfBracesThatAreNoVariable_LeavesThem(string text) => Assert.Equal(text, Next(new RequestTemplate(text, null, 1)));

    [Fact]
    public void Template_WithATokenAndNoTokens_IsRefused() => Assert.Throws<FormatException>(() => new RequestTemplate("{token}", null, 1));

    [Fact]
    public void Next_WithAFreshShare_SendsThatShareNeverSeenBefore()
    {
        const int Known = 10;
        TokenSupply supply = new(Enumerable.Range(0, 2000).Select(i => $"t{i}"), Known, 0.05);
        RequestTemplate template = new("{token}", supply, 1);
        string[] known = [.. Enumerable.Range(0, Known).Select(i => $"t{i}")];

        string[] fresh = [.. Enumerable.Range(0, 10_000).Select(_ => Next(template)).Where(token => !known.Contains(token))];

        Assert.Equal(fresh.Length, fresh.Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(fresh.Length, 400, 600);
        Assert.Equal(fresh.Length, supply.Fresh);
        Assert.Equal(0, supply.Exhausted);
    }

    [Fact]
    public void Next_WithoutFreshTokensLeft_CountsThem()
    {
        TokenSupply supply = new(["a", "b"], 1, 1);
        RequestTemplate template = new("{token}", supply, 1);

        Assert.Equal(["b", "a", "a"], [Next(template), Next(template), Next(template)]);
        Assert.Equal(2, supply.Exhausted);
    }

    [Fact]
    public void Supply_ThatSkipsFreshTokens_BeginsBehindThem()
    {
        RequestTemplate template = new("{token}", new TokenSupply(["a", "b", "c"], 1, 1, skipFresh: 1), 1);

        Assert.Equal("c", Next(template));
    }
}
