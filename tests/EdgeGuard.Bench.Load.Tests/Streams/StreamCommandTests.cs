using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGuard.Bench.Load.Measure;
using EdgeGuard.Bench.Load.Streams;

namespace EdgeGuard.Bench.Load.Tests.Streams;

public sealed class StreamCommandTests
{
    [Fact]
    public async Task Provider_StreamsEachEventWithItsTime()
    {
        var plan = new StreamPlan(1, 5, TimeSpan.FromMilliseconds(1), 1);
        using var provider = new EventProvider(0, plan, TimeProvider.System);
        var delays = new LatencyHistogram();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(5, await EventReader.ReadAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{provider.Port}")), delays, TimeProvider.System));
        }

        Assert.Equal(15, delays.Count);
        Assert.True(delays.Min > 0);
    }

    [Fact]
    public async Task StreamThatBreaksOff_IsNoResult()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        var reading = EventReader.ReadAsync(server, new LatencyHistogram(), TimeProvider.System);
        using (var socket = await listener.AcceptSocketAsync())
        {
            await socket.SendAsync("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            await Assert.ThrowsAsync<IOException>(() => reading);
        }
    }

    [Fact]
    public void Report_TellsWhatIsAdded()
    {
        using var other = new EventProvider(0, new StreamPlan(2, 3, TimeSpan.FromMilliseconds(1), 2), TimeProvider.System);
        using var output = new StringWriter();
        var edge = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{other.Port}"));

        Assert.Equal(0, StreamCommand.Run(0, edge, new StreamPlan(2, 3, TimeSpan.FromMilliseconds(1), 2), TimeProvider.System, output));

        using var json = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]);
        Assert.Equal(12, json.RootElement.GetProperty("events").GetInt32());
        Assert.True(json.RootElement.GetProperty("edge_p50_us").GetDouble() > 0);
    }
}
