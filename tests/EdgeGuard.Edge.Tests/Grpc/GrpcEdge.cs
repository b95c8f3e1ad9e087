using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Grpc.Envoy.Core;
using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Google.Protobuf;

namespace EdgeGuard.Edge.Tests.Grpc;

/// <summary>An edge that trusts its gateway on loopback, and a caller of its gRPC services.</summary>
internal sealed class GrpcEdge : IAsyncDisposable
{
    private GrpcEdge(EdgeUnderTest edge)
    {
        Edge = edge;
        Caller = new GrpcCaller(Address);
    }

    public EdgeUnderTest Edge { get; }

    public GrpcCaller Caller { get; }

    public Uri Address => new(Edge.Host.AddressOf(DoorTag.DecisionHttp2)!);

    public static async Task<GrpcEdge> StartAsync(string bundle, Func<EdgeOptions, EdgeOptions>? change = null) => new(await EdgeUnderTest.StartAsync(
        bundle,
        options => (change ?? (same => same))(options with
        {
            TrustedProxies = ["127.0.0.0/8"],
            Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" },
        })));

    /// <summary>What Envoy tells of a GET.</summary>
    public static CheckRequest Question(string path, params (string Name, string Value)[] headers)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = path, Host = "api.test", Scheme = "http" };
        foreach (var (name, value) in headers)
        {
            http.Headers.Add(name, value);
        }

        return new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
    }

    /// <summary>A descriptor.</summary>
    public static RateLimitDescriptor Descriptor(params (string Key, string Value)[] entries) => new()
    {
        Entries = { entries.Select(entry => new RateLimitDescriptor.Types.Entry { Key = entry.Key, Value = entry.Value }) },
    };

    /// <summary>A header among those that are told, or null.</summary>
    public static string? Header(IEnumerable<HeaderValueOption> headers, string name) =>
        headers.SingleOrDefault(header => header.Header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))?.Header.Value;

    public Task<CheckResponse> CheckAsync(string path, params (string Name, string Value)[] headers) => CheckAsync(Question(path, headers));

    public async Task<CheckResponse> CheckAsync(CheckRequest question) =>
        CheckResponse.Parser.ParseFrom(One(await Caller.CallAsync(AuthorizationService.Path, question.ToByteArray())));

    public async Task<RateLimitResponse> LimitAsync(uint hits, params RateLimitDescriptor[] descriptors) => RateLimitResponse.Parser.ParseFrom(One(await Caller.CallAsync(
        RateLimitService.Path, new RateLimitRequest { Domain = "api.test", HitsAddend = hits, Descriptors = { descriptors } }.ToByteArray())));

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await Edge.DisposeAsync();
    }

    private static byte[] One(GrpcReply reply)
    {
        Assert.True(reply.Status == 0, $"{reply.Status} {reply.Message}");
        return Assert.Single(reply.Messages);
    }
}
