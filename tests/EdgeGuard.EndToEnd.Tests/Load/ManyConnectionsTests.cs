using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>Five thousand clients at a time.</summary>
public sealed class ManyConnectionsTests
{
    private const int Connections = 5_000;

    /// <summary>Per process: a client and an upstream connection for each, and some to spare. .NET raises the soft limit to the hard one by itself.</summary>
    private const int DescriptorsNeeded = (2 * Connections) + 1_000;

    [Fact]
    public async Task Connections_FiveThousandAtOnce_AreAllAnswered()
    {
        Assert.SkipUnless(HardDescriptorLimit() >= DescriptorsNeeded, $"needs {DescriptorsNeeded} open files per process, the hard limit here is {HardDescriptorLimit()}");
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Upstream.Record = false;
        site.Install(await site.SignAsync(SampleBundles.Generous("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();

        Socket[] sockets = new Socket[Connections];
        try
        {
            await ForEachAsync(async number => sockets[number] = await ConnectAsync(edge.Proxy));
            // All are open now; each asks twice, the second time when every other has been answered once.
            for (int round = 0; round < 2; round++)
            {
                int[] statuses = new int[Connections];
                await ForEachAsync(async number => statuses[number] = await AskAsync(sockets[number], number));
                Assert.All(statuses, status => Assert.Equal(200, status));
            }

            Assert.Equal(2 * Connections, site.Upstream.Count);
            Assert.Equal(200, (await edge.ReadinessAsync()).Status);
        }
        finally
        {
            foreach (Socket socket in sockets)
            {
                socket?.Dispose();
            }
        }
    }

    [Fact]
    public async Task Requests_AllInFlightAtOnce_AreAllAnswered()
    {
        Assert.SkipUnless(HardDescriptorLimit() >= DescriptorsNeeded, $"needs {DescriptorsNeeded} open files per process, the hard limit here is {HardDescriptorLimit()}");
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Upstream.Record = false;
        Signal release = new();
        site.Upstream.Answer = async context =>
        {
            await release.WaitAsync("all requests at the upstream", TimeSpan.FromMinutes(3));
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "hello");
        };
        site.Install(await site.SignAsync(SampleBundles.Generous("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();

        Task<int>[] answers = [.. Enumerable.Range(0, Connections).Select(async number =>
        {
            using Socket socket = await ConnectAsync(edge.Proxy);
            return await AskAsync(socket, number);
        })];
        await Eventually.TrueAsync(() => site.Upstream.Count == Connections, TimeSpan.FromMinutes(3));
        release.Set();
        Assert.All(await Task.WhenAll(answers), status => Assert.Equal(200, status));
    }

    /// <summary>Loopback takes connections as fast as they come, but a listener's queue is short: so many at a time.</summary>
    private static Task ForEachAsync(Func<int, Task> work)
        => Parallel.ForEachAsync(
            Enumerable.Range(0, Connections), new ParallelOptions { MaxDegreeOfParallelism = 128 }, async (number, _) => await work(number));

    private static async Task<Socket> ConnectAsync(Uri proxy)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return socket;
    }

    private static async Task<int> AskAsync(Socket socket, int number)
    {
        string request = $"GET /v1/a HTTP/1.1\r\nHost: example.org\r\nX-Api-Key: client-{number}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        byte[] buffer = new byte[4096];
        StringBuilder text = new();
        while (!text.ToString().Contains("hello", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer).Within($"answer to client {number}", TimeSpan.FromMinutes(3));
            if (read == 0)
            {
                throw new InvalidOperationException($"connection {number} was closed after: {text}");
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return int.Parse(text.ToString().Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static long HardDescriptorLimit()
    {
        string line = File.ReadLines("/proc/self/limits").First(limit => limit.StartsWith("Max open files", StringComparison.Ordinal));
        string hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return hard == "unlimited" ? long.MaxValue : long.Parse(hard, CultureInfo.InvariantCulture);
    }
}
