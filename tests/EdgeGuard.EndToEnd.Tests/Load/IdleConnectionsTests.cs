using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Load;

/// <summary>Ten thousand clients that are connected and say nothing.</summary>
public sealed class IdleConnectionsTests
{
    private const int Connections = 10_000;

    private const int DescriptorsNeeded = Connections + 1_000;

    /// <summary>What one of them may cost: a socket's objects and no buffer.</summary>
    private const long MayCost = 32 * 1024;

    [Fact]
    public async Task Connections_TenThousandIdle_CostLittleAndKeepNobodyOut()
    {
        long limit = HardDescriptorLimit();
        Assert.SkipUnless(limit >= DescriptorsNeeded, $"needs {DescriptorsNeeded} open files per process, the hard limit here is {limit}");
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(SampleBundles.Open("api")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings with
        {
            More = new Dictionary<string, string>(StringComparer.Ordinal) { ["CLIENTS__IDLE_TIMEOUT"] = "1h" },
        });
        await edge.WaitReadyAsync();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Proxy, Timeout = Eventually.Generous };
        Assert.Equal("hello", await client.GetStringAsync("/v1/a"));
        long before = ResidentBytes(edge.Process.Id);

        Socket?[] sockets = new Socket?[Connections];
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Connections), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, stop) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets[number] = socket;
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, edge.Proxy.Port), stop);
            });
            await Eventually.TrueAsync(
                () => Directory.EnumerateFileSystemEntries($"/proc/{edge.Process.Id}/fd").Count() > Connections, TimeSpan.FromMinutes(3), "the edge has accepted all");

            Assert.Equal("hello", await client.GetStringAsync("/v1/a"));
            using HttpClient another = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Proxy, Timeout = Eventually.Generous };
            Assert.Equal("hello", await another.GetStringAsync("/v1/a"));
            Assert.InRange(ResidentBytes(edge.Process.Id) - before, long.MinValue, Connections * MayCost);
        }
        finally
        {
            foreach (Socket? socket in sockets)
            {
                socket?.Dispose();
            }
        }
    }

    private static long ResidentBytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(entry => entry.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static long HardDescriptorLimit()
    {
        string line = File.ReadLines("/proc/self/limits").First(entry => entry.StartsWith("Max open files", StringComparison.Ordinal));
        string hard = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        return hard == "unlimited" ? long.MaxValue : long.Parse(hard, CultureInfo.InvariantCulture);
    }
}
