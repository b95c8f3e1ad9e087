using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Health;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Google.Protobuf;
using ServingStatus = EdgeGuard.Edge.Grpc.Health.HealthCheckResponse.Types.ServingStatus;

namespace EdgeGuard.Edge.Tests.Grpc;

/// <summary><c>grpc.health.v1.Health/Watch</c>: the status now, and every change of it.</summary>
public sealed class HealthWatchTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies: []
        probes:
          - {name: all pass, request: {path: /, headers: {x-api-key: a}}, expect: allow}
        """;

    [Fact]
    public async Task Watch_TellsTheStatusNow_AndEachChange_AndTheEnd()
    {
        await using var edge = await GrpcEdge.StartAsync(Bundle);
        using var client = Client(edge);
        using var answer = await SendAsync(client, string.Empty);
        await using var stream = await answer.Content.ReadAsStreamAsync();

        Assert.Equal(ServingStatus.Serving, await ReadAsync(stream).Within("the status now"));
        edge.Edge.Kill("x-api-key", "a");
        Assert.Equal(ServingStatus.NotServing, await ChangeAsync(edge, stream));
        edge.Edge.Kill("x-api-key", "b");
        Assert.Equal(ServingStatus.Serving, await ChangeAsync(edge, stream));

        var stopping = edge.Edge.Host.StopAsync();
        Assert.Equal(ServingStatus.NotServing, await ReadAsync(stream).Within("the last status"));
        Assert.Null(await ReadAsync(stream).Within("the end"));
        Assert.Equal(["14"], answer.TrailingHeaders.GetValues("grpc-status"));
        await stopping.Within("the edge stops");
    }

    [Fact]
    public async Task Watch_OfAServiceThatIsNotThere_SaysSo_AndGoesOn()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        using var client = Client(edge);
        using var answer = await SendAsync(client, "nobody");
        await using var stream = await answer.Content.ReadAsStreamAsync();

        Assert.Equal(ServingStatus.ServiceUnknown, await ReadAsync(stream).Within("the status now"));
    }

    [Fact]
    public async Task Watch_ByMoreThanTheBound_IsRefused_UntilOneHasGone()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        using var client = Client(edge);
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < HealthService.MaxWatchers; i++)
        {
            open.Add(await SendAsync(client, string.Empty));
        }

        using (var refused = await SendAsync(client, string.Empty))
        {
            Assert.Equal(["8"], refused.Headers.GetValues("grpc-status"));
        }

        open.ForEach(answer => answer.Dispose());
        await Eventually.TrueAsync(async () =>
        {
            using var next = await SendAsync(client, string.Empty);
            return !next.Headers.Contains("grpc-status");
        });
    }

    private static HttpClient Client(GrpcEdge edge) => new(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true })
    {
        BaseAddress = edge.Address,
        Timeout = Eventually.Generous,
    };

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string service)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, HealthService.WatchPath)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcCaller.Frame(new HealthCheckRequest { Service = service }.ToByteArray()))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") },
            },
        };
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    // The edge looks once a second of its own time. That moves only while no listener is being asked, for which it has ten of these seconds: whoever is told of
    // readiness comes after the one that asks.
    private static async Task<ServingStatus?> ChangeAsync(GrpcEdge edge, Stream stream)
    {
        var reading = ReadAsync(stream);
        await Eventually.TrueAsync(async () =>
        {
            using var told = await edge.Edge.Probes.GetAsync("/readyz");
            if (!reading.IsCompleted)
            {
                edge.Edge.Time.Advance(HealthService.Look);
            }

            return reading.IsCompleted;
        });
        return await reading;
    }

    private static async Task<ServingStatus?> ReadAsync(Stream stream)
    {
        var prefix = new byte[5];
        if (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false) == 0)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await stream.ReadExactlyAsync(message);
        return HealthCheckResponse.Parser.ParseFrom(message).Status;
    }
}
