using System.Net;
using EdgeGuard.Edge.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Tests.Pipeline;

public sealed class ClientAddressReaderTests
{
    [Theory]
    [InlineData("198.51.100.1", "9.9.9.9", "198.51.100.1")]
    [InlineData("10.0.0.1", "192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "9.9.9.9, 192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "9.9.9.9, 192.0.2.7, 10.0.0.9", "192.0.2.7")]
    [InlineData("10.0.0.1", "192.0.2.7:4711", "192.0.2.7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2")]
    [InlineData("10.0.0.1", "unknown", null)]
    [InlineData("10.0.0.1", "1", null)]
    [InlineData("10.0.0.1", "9.9.9.9, nonsense, 10.0.0.9", null)]
    [InlineData(null, "192.0.2.7", "192.0.2.7")]
    [InlineData(null, "", null)]
    public void ForwardedFor_IsReadFromTheRight(string? peer, string header, string? client) =>
        Assert.Equal(client, Read(peer, "X-Forwarded-For", header));

    [Theory]
    [InlineData("for=192.0.2.7", "192.0.2.7")]
    [InlineData("for=9.9.9.9, for=192.0.2.7;proto=https", "192.0.2.7")]
    [InlineData("proto=https;For=\"[2001:db8::7]:4711\"", "2001:db8::7")]
    [InlineData("for=192.0.2.7;by=\"a,b\"", "192.0.2.7")]
    [InlineData("for=192.0.2.7, for=10.0.0.9", "192.0.2.7")]
    [InlineData("for=_hidden", null)]
    [InlineData("proto=https", null)]
    public void Forwarded_IsReadFromTheRight(string header, string? client) => Assert.Equal(client, Read("10.0.0.1", "Forwarded", header));

    [Fact]
    public void ForwardedFor_OnSeveralLines_IsReadFromTheLast() =>
        Assert.Equal("192.0.2.7", Read("10.0.0.1", "X-Forwarded-For", "9.9.9.9", "192.0.2.7, 10.0.0.9"));

    [Fact]
    public void ForwardedFor_WithEndlessHops_GivesNothing() =>
        Assert.Null(Read("10.0.0.1", "X-Forwarded-For", string.Join(',', Enumerable.Repeat("10.0.0.1", 1000))));

    [Fact]
    public void UnixPeer_NotConfigured_IsNotBelieved()
    {
        var reader = new ClientAddressReader(new TrustedProxies(["10.0.0.0/8"]));
        var context = new DefaultHttpContext();
        context.Request.Headers["X-Forwarded-For"] = "192.0.2.7";

        Assert.Null(reader.Read(context));
    }

    private static string? Read(string? peer, string name, params string[] lines)
    {
        var reader = new ClientAddressReader(new TrustedProxies(["10.0.0.0/8", "unix"]));
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = peer is null ? null : IPAddress.Parse(peer);
        context.Request.Headers[name] = new StringValues(lines);
        return reader.Read(context)?.ToString();
    }
}
