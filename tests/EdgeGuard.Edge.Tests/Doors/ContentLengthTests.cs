using System.Globalization;
using System.Net;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Doors;

/// <summary>Lengths that are none by RFC 9110 section 8.6: servers differ in what they take them for, and who is in front could see another request begin.</summary>
public sealed class ContentLengthTests
{
    [Theory]
    [InlineData("+3")]
    [InlineData("-3")]
    [InlineData("3,3")]
    [InlineData("0x3")]
    [InlineData("3.0")]
    [InlineData("3 3")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public async Task Length_ThatIsNone_IsRefusedAtEachDoor(string length)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var proxy = await SendAsync(edge.Proxy!, "POST /a HTTP/1.1\r\nHost: api.test", length);
        var decision = await SendAsync(
            edge.Decision!, "POST /v1/decision HTTP/1.1\r\nHost: api.test\r\nX-Original-Method: POST\r\nX-Original-URI: /a\r\nX-Original-Host: api.test", length);
        var envoy = await SendAsync(edge.Decision!, "POST /v1/decision/envoy/a HTTP/1.1\r\nHost: api.test", length);

        Assert.Equal((400, 400, 400), (proxy, decision, envoy));
        Assert.Empty(edge.Upstream.Received.Items);
    }

    private static async Task<int> SendAsync(HttpClient client, string head, string length)
    {
        var answer = await RawHttp.SendAsync(
            new IPEndPoint(IPAddress.Loopback, client.BaseAddress!.Port), $"{head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\nabc");
        return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }
}
