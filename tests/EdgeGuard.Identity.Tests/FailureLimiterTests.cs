using System.Net;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests;

public sealed class FailureLimiterTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    private readonly TestTimeProvider _time = new();

    [Fact]
    public void IsExhausted_AfterTheBurst_UntilOneIsForgiven()
    {
        var limiter = new FailureLimiter(3, 0.5, _time);
        Charge(limiter, Client, 2);
        Assert.False(limiter.IsExhausted(Client));
        limiter.Charge(Client);
        Assert.True(limiter.IsExhausted(Client));

        _time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.True(limiter.IsExhausted(Client));
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.False(limiter.IsExhausted(Client));
        Assert.Equal(2, limiter.Refused);
    }

    [Fact]
    public void IsExhausted_AskedOnly_NeverIs()
    {
        var limiter = new FailureLimiter(1, 1, _time);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.False(limiter.IsExhausted(Client)));
    }

    [Fact]
    public void Charge_BeyondTheBurst_IsOwedUpToAsMuchAgain()
    {
        var limiter = new FailureLimiter(10, 1, _time);
        Charge(limiter, Client, 1000);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.IsExhausted(Client));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(limiter.IsExhausted(Client));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void IsExhausted_OtherAddress_SharesOnlyWithinOneCustomersNetwork(string failing, string asking, bool shared)
    {
        var limiter = new FailureLimiter(1, 1, _time);
        limiter.Charge(IPAddress.Parse(failing));

        Assert.Equal(shared, limiter.IsExhausted(IPAddress.Parse(asking)));
    }

    [Fact]
    public void IsExhausted_UnknownClientOrNoLimit_NeverIs()
    {
        var limiter = new FailureLimiter(1, 1, _time);
        var none = new FailureLimiter(0, 1, _time);
        Charge(limiter, null, 100);
        Charge(none, Client, 100);

        Assert.False(limiter.IsExhausted(null));
        Assert.False(none.IsExhausted(Client));
    }

    [Fact]
    public void Charge_MoreClientsThanItHolds_NeverTakesOneForAnother()
    {
        var limiter = new FailureLimiter(1, 0.001, _time);
        for (var i = 0; i < 50_000; i++)
        {
            limiter.Charge(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));
        }

        for (var i = 0; i < 1000; i++)
        {
            Assert.False(limiter.IsExhausted(new IPAddress([11, 0, (byte)(i >> 8), (byte)i])));
        }
    }

    [Fact]
    public void Charge_SideBySide_LosesNone()
    {
        var limiter = new FailureLimiter(1000, 1, _time);

        Parallel.For(0, 999, _ => limiter.Charge(Client));

        Assert.False(limiter.IsExhausted(Client));
        limiter.Charge(Client);
        Assert.True(limiter.IsExhausted(Client));
    }

    private static void Charge(FailureLimiter limiter, IPAddress? client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            limiter.Charge(client);
        }
    }
}
