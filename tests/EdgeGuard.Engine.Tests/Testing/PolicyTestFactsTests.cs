using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Testing;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Testing;

/// <summary>A policy test's request has every descriptor that a real one has.</summary>
public sealed class PolicyTestFactsTests
{
    private static readonly PolicyTestRequest Request = new()
    {
        Method = "POST",
        Host = "Shop.test:8443",
        Path = "/v1//tenants/acme?x=1",
        Headers = [new("User-Agent", "GPTBot/1.2"), new("Cookie", "theme=dark; sid=alice"), new("x-plan", "a client's")],
        Ip = "2001:db8:1:2::7",
        Facts = [new(new(DescriptorKind.IpCountry, string.Empty), "DE"), new(new(DescriptorKind.Header, "x-plan"), "gold")],
    };

    [Theory]
    [InlineData(DescriptorKind.Method, "", "POST")]
    [InlineData(DescriptorKind.Host, "", "shop.test")]
    [InlineData(DescriptorKind.PathSegment, "3", "acme")]
    [InlineData(DescriptorKind.UaBot, "", "true")]
    [InlineData(DescriptorKind.UaBotCategory, "", "ai_crawler")]
    [InlineData(DescriptorKind.Cookie, "sid", "alice")]
    [InlineData(DescriptorKind.IpAddress, "", "2001:db8:1:2::7")]
    [InlineData(DescriptorKind.IpAddress, "64", "2001:db8:1:2::/64")]
    [InlineData(DescriptorKind.IpCountry, "", "DE")]
    [InlineData(DescriptorKind.TrustedHeader, "x-plan", "gold")]
    [InlineData(DescriptorKind.Header, "x-plan", "a client's")]
    public void Run_Request_HasTheFact(DescriptorKind kind, string name, string value) =>
        Assert.Equal(1, Admitted(new DescriptorKey(kind, name), value));

    [Theory]
    [InlineData(DescriptorKind.IpAsn, "")]
    [InlineData(DescriptorKind.TrustedHeader, "user-agent")]
    [InlineData(DescriptorKind.PathSegment, "4")]
    [InlineData(DescriptorKind.Cookie, "SID")]
    public void Run_Request_HasNothingThatWasNotGiven(DescriptorKind kind, string name)
    {
        var policy = Bundle.Compile(Policy("p", Rule("r", 1, 1, new DescriptorKey(kind, name))));
        var outcome = Assert.Single(PolicyTestRunner.Run([Test("reject", "descriptor_missing")], policy));
        Assert.True(outcome.Passed, string.Join('\n', outcome.Failures));
    }

    // One where the rule matches and its only token is taken, two where it does not.
    private static int Admitted(DescriptorKey key, string value)
    {
        var policy = Bundle.Compile(Policy("p", Rule("r", 0.001, 1).When(key, value)));
        return PolicyTestRunner.Run([Test("allow", null, "reject")], policy)[0].Passed ? 1 : 2;
    }

    private static PolicyTest Test(string first, string? reason, string? second = null)
    {
        var test = new PolicyTest { Name = "t", Steps = [Step(first, reason)] };
        return second is null ? test : test with { Steps = [.. test.Steps, Step(second, null)] };
    }

    private static PolicyTestStep Step(string verdict, string? reason) =>
        new() { Request = Request, Expect = new PolicyTestExpectation { Verdict = verdict, Reason = reason } };
}
