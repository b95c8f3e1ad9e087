using System.Net;
using EdgeGuard.Edge.Debug;

namespace EdgeGuard.Edge.Tests.Debug;

public sealed class AttemptLimitTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Client_AtTheLimit_WaitsForTheNextMinute()
    {
        var limit = new AttemptLimit();
        var client = IPAddress.Parse("192.0.2.1");
        for (var i = 0; i < AttemptLimit.PerClient; i++)
        {
            Assert.Equal(0, limit.Try(client, i * Second));
        }

        Assert.Equal(55, limit.Try(client, 5 * Second));
        Assert.Equal(0, limit.Try(IPAddress.Parse("192.0.2.2"), 5 * Second));
        Assert.Equal(0, limit.Try(client, 60 * Second));
    }

    [Fact]
    public void Everybody_AtTheLimit_WaitsHoweverManyTheyAre()
    {
        var limit = new AttemptLimit();
        var admitted = Enumerable.Range(0, 1000).Count(i => limit.Try(new IPAddress([10, 0, (byte)(i / 256), (byte)i]), 0) == 0);

        Assert.Equal(AttemptLimit.Everybody, admitted);
    }

    [Fact]
    public void Client_WithManyIPv6Addresses_IsOne()
    {
        var limit = new AttemptLimit();
        var admitted = Enumerable.Range(1, 100).Count(i => limit.Try(IPAddress.Parse($"2001:db8::{i:x}"), 0) == 0);

        Assert.Equal(AttemptLimit.PerClient, admitted);
    }
}
