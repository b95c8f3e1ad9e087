using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>The allocation budget of <c>bench/budgets.json</c> for a forwarded request, over sockets, in the whole process.</summary>
[Collection(AllocationGroup.Name)]
public sealed class ForwardBudgetTests
{
    private const int Requests = 500;

    /// <summary>Code that is not optimized yet makes objects that are gone later, and on a busy machine later is seconds away.</summary>
    private const int MostRounds = 500;

    /// <summary>No object is smaller: what is less than that for a request is not the request's.</summary>
    private const int SmallestObject = 24;

    [Theory]
    [InlineData("GET /v1/a?b=c HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nAccept: */*\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("GET /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("POST /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 204 No Content\r\n\r\n")]
    public async Task Request_OnTheLane_AllocatesNoMoreThanItsBudget(string request, string answer)
    {
        Assert.SkipWhen(
            typeof(EdgeHost).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true,
            "without optimization the state of an asynchronous method is an object of its own for each call: run it with -c Release");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var upstream = new Thread(() => Serve(listener, System.Text.Encoding.ASCII.GetBytes(answer))) { IsBackground = true };
        upstream.Start();
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.PerKey(burst: 1_000_000),
            options => options with { Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = [$"http://{listener.LocalEndPoint}"] }) },
            new EdgeHostSettings { ProxyLane = true });
        var address = edge.Proxy!.BaseAddress!;
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(IPAddress.Parse(address.Host), address.Port);
        var bound = Requests * (Budget() + SmallestObject);

        var least = Least(client, System.Text.Encoding.ASCII.GetBytes(request), bound);

        Assert.True(least < bound, $"{least} bytes for {Requests} requests");
    }

    // What the rest of the process makes meanwhile only adds, so the least of many rounds is nearest to the truth, and one below the bound is enough.
    private static long Least(Socket client, byte[] request, long bound)
    {
        var least = long.MaxValue;
        var buffer = new byte[4096];
        for (var round = 0; round <= MostRounds && least >= bound; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Requests; i++)
            {
                client.Send(request, SocketFlags.None);
                var length = 0;
                do
                {
                    length += client.Receive(buffer.AsSpan(length), SocketFlags.None);
                }
                while (!IsWhole(buffer.AsSpan(0, length)));
            }

            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            least = round == 0 ? least : Math.Min(least, allocated);
        }

        return least;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) =>
        answer.StartsWith("HTTP/1.1 204"u8) ? answer.EndsWith("\r\n\r\n"u8) : answer.EndsWith("\r\n\r\nok"u8) || answer.EndsWith("0\r\n\r\n"u8);

    private static void Serve(Socket listener, byte[] answer)
    {
        try
        {
            using var connection = listener.Accept();
            connection.NoDelay = true;
            var buffer = new byte[4096];
            while (connection.Receive(buffer, SocketFlags.None) > 0)
            {
                connection.Send(answer, SocketFlags.None);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private static long Budget()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "EdgeGuard.sln")))
        {
            directory = directory.Parent!;
        }

        using var budgets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory.FullName, "bench", "budgets.json")));
        return budgets.RootElement.GetProperty("edge_bytes_per_forwarded_request").GetInt64();
    }
}
