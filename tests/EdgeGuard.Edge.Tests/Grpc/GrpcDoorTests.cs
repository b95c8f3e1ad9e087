using System.Net;
using System.Net.Http.Headers;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Health;
using EdgeGuard.Edge.Grpc.Reflection;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Grpc;

public sealed class GrpcDoorTests
{
    [Fact]
    public async Task Calls_ThatCannotBeRead_SayWhy()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        async Task<int> StatusOf(byte[] body, string path = AuthorizationService.Path) => (await edge.Caller.SendAsync(path, body)).Status;

        Assert.Equal((int)GrpcStatus.InvalidArgument, await StatusOf([]));
        Assert.Equal((int)GrpcStatus.InvalidArgument, await StatusOf([0, 0, 0]));
        Assert.Equal((int)GrpcStatus.InvalidArgument, await StatusOf([0, 0, 0, 0, 9, 1]));
        Assert.Equal((int)GrpcStatus.InvalidArgument, await StatusOf([0, 0, 0, 0, 2, 0xff, 0xff]));
        Assert.Equal((int)GrpcStatus.Unimplemented, await StatusOf([1, 0, 0, 0, 0]));
        Assert.Equal((int)GrpcStatus.ResourceExhausted, await StatusOf([0, 0x00, 0x40, 0x00, 0x01, 1]));
        Assert.Equal((int)GrpcStatus.ResourceExhausted, await StatusOf([0, 0xff, 0xff, 0xff, 0xff, 1]));
        Assert.Equal((int)GrpcStatus.Unimplemented, await StatusOf(GrpcCaller.Frame([]), "/envoy.service.auth.v3.Authorization/Other"));
        Assert.Equal((int)GrpcStatus.Unimplemented, await StatusOf(GrpcCaller.Frame([]), "/v1/decision"));
    }

    [Theory]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc-web")]
    public async Task Calls_InAnotherForm_AreNotTaken(string type)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Address, AuthorizationService.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(GrpcCaller.Frame([])) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Health_FollowsReadiness()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        async Task<HealthCheckResponse.Types.ServingStatus> Ask(string service) => HealthCheckResponse.Parser.ParseFrom(Assert.Single(
            (await edge.Caller.CallAsync(HealthService.Path, new HealthCheckRequest { Service = service }.ToByteArray())).Messages)).Status;

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Ask(string.Empty));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await Ask("envoy.service.auth.v3.Authorization"));
        var unknown = await edge.Caller.CallAsync(HealthService.Path, new HealthCheckRequest { Service = "nobody" }.ToByteArray());
        Assert.Equal((int)GrpcStatus.NotFound, unknown.Status);

        edge.Edge.Host.Services.GetRequiredService<ReadinessReport>().Drain();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await Ask(string.Empty));
    }

    [Theory]
    [InlineData(ReflectionService.Path)]
    [InlineData(ReflectionService.AlphaPath)]
    public async Task Reflection_ListsTheServicesAndDescribesEach(string path)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        async Task<List<ServerReflectionResponse>> Ask(params ServerReflectionRequest[] questions)
        {
            var reply = await edge.Caller.SendAsync(path, [.. questions.SelectMany(question => GrpcCaller.Frame(question.ToByteArray()))]);
            Assert.Equal(0, reply.Status);
            return [.. reply.Messages.Select(ServerReflectionResponse.Parser.ParseFrom)];
        }

        var listed = Assert.Single(await Ask(new ServerReflectionRequest { ListServices = "*" })).ListServicesResponse.Service.Select(service => service.Name).ToArray();
        Assert.Contains("envoy.service.auth.v3.Authorization", listed);
        Assert.Contains("envoy.service.ratelimit.v3.RateLimitService", listed);
        Assert.Contains("grpc.health.v1.Health", listed);

        string[] symbols = ["envoy.service.auth.v3.Authorization", "envoy.service.auth.v3.AttributeContext.HttpRequest", "envoy.service.ratelimit.v3.RateLimitService.ShouldRateLimit"];
        foreach (var answer in await Ask([.. symbols.Select(symbol => new ServerReflectionRequest { FileContainingSymbol = symbol })]))
        {
            // What a file needs comes before it.
            var files = answer.FileDescriptorResponse.FileDescriptorProto;
            Assert.NotEmpty(FileDescriptor.BuildFromByteStrings(files));
        }

        var others = await Ask(
            new ServerReflectionRequest { FileByFilename = "envoy/service/auth/v3/external_auth.proto" },
            new ServerReflectionRequest { FileByFilename = "nothing.proto" },
            new ServerReflectionRequest { FileContainingSymbol = "nothing" },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "google.protobuf.Struct" });
        Assert.NotNull(others[0].FileDescriptorResponse);
        Assert.All(others.Skip(1), answer => Assert.Equal((int)GrpcStatus.NotFound, answer.ErrorResponse.ErrorCode));
    }
}
