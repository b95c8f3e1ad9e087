using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class BreakerTripTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_AnotherRuleRefusesToo_TheBreakerStaysClosed(bool before)
    {
        // Z comes after p, a before it: whichever is evaluated first makes no difference.
        using var harness = new Harness(Guarded(), Policy(before ? "a" : "z", Rule("r", 0.001, 100, Header("k"))));
        Assert.Equal(9, harness.Admitted(9, "GET localhost/", (Header("k"), "x")));
        Assert.Equal(Reason.DescriptorMissing, harness.Decide().Reason);
        harness.Advance(120);
        Assert.True(harness.Decide("GET localhost/", (Header("k"), "x")).IsAdmitted);
    }

    [Fact]
    public void Decide_NothingElseRefuses_TheBreakerOpens()
    {
        using var harness = new Harness(Guarded());
        Assert.Equal(9, harness.Admitted(20));
        harness.Advance(120);
        Assert.Equal(Reason.CircuitBreakerOpen, harness.Decide().Reason);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("z")]
    public void Decide_ShadowWouldTripOnWhatIsRefusedForReal_ItsBreakerStaysClosed(string other)
    {
        using var harness = new Harness(Guarded().AsShadow(), Policy(other, Rule("r", 0.001, 100, Header("k"))));
        Assert.Equal(9, harness.Admitted(9, "GET localhost/", (Header("k"), "x")));
        Assert.Equal(Reason.CircuitBreakerOpen, harness.Decide().ShadowReason);
        harness.Advance(120);
        Assert.Equal(Reason.None, harness.Decide("GET localhost/", (Header("k"), "x")).ShadowReason);
    }

    [Fact]
    public void Decide_ShadowTripsOnAnAdmittedRequest_ItsBreakerOpens()
    {
        using var harness = new Harness(Guarded().AsShadow());
        Assert.Equal(10, harness.Admitted(10));
        harness.Advance(120);
        Assert.Equal((Verdict.Allow, Reason.CircuitBreakerOpen), (harness.Decide().Verdict, harness.Decide().ShadowReason));
    }

    private static PolicyDefinition Guarded() => Policy("p", Rule("r", 1000, 1000)) with
    {
        CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = 10 },
    };
}
