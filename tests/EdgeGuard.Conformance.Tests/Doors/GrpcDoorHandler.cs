using System.Net;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Grpc.Envoy.Core;
using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Testing;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>Asks about a request over gRPC as Envoy would, and makes of the answer what Envoy's client would see, with what only Envoy is told.</summary>
internal sealed class GrpcDoorHandler(GrpcCaller caller, Door door) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.Headers.Host ?? request.RequestUri!.Authority;
        var headers = request.Headers.NonValidated.Where(header => header.Key != "Host")
            .Concat(request.Content?.Headers.NonValidated.Where(header => header.Key != "Content-Length") ?? [])
            .SelectMany(header => header.Value.Select(value => (Name: header.Key.ToLowerInvariant(), Value: value)));
        return door == Door.ExtAuthz ? await CheckAsync(request, host, headers, cancellationToken) : await LimitAsync(request, host, headers);
    }

    protected override void Dispose(bool disposing)
    {
        caller.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> CheckAsync(
        HttpRequestMessage request, string host, IEnumerable<(string Name, string Value)> headers, CancellationToken cancellation)
    {
        var http = new AttributeContext.Types.HttpRequest
        {
            Method = request.Method.Method,
            Path = request.RequestUri!.PathAndQuery,
            Host = host,
            Scheme = "http",
            HeaderMap = new HeaderMap { Headers = { headers.Select(header => new HeaderValue { Key = header.Name, Value = header.Value }) } },
            RawBody = request.Content is null ? ByteString.Empty : ByteString.CopyFrom(await request.Content.ReadAsByteArrayAsync(cancellation)),
        };
        var question = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
        var answer = CheckResponse.Parser.ParseFrom(await AskAsync(AuthorizationService.Path, question));
        return Answer(answer.DynamicMetadata, (answer.DeniedResponse?.Headers ?? answer.OkResponse.ResponseHeadersToAdd).Select(header => header.Header));
    }

    private async Task<HttpResponseMessage> LimitAsync(HttpRequestMessage request, string host, IEnumerable<(string Name, string Value)> headers)
    {
        var entries = headers
            .Select(header => (header.Name == "x-forwarded-for" ? "remote_address" : header.Name, header.Value))
            .Prepend((":path", request.RequestUri!.PathAndQuery))
            .Prepend((":method", request.Method.Method))
            .Prepend((":authority", host));
        var descriptor = new RateLimitDescriptor
        {
            Entries = { entries.Select(entry => new RateLimitDescriptor.Types.Entry { Key = entry.Item1, Value = entry.Item2 }) },
        };
        var answer = RateLimitResponse.Parser.ParseFrom(await AskAsync(RateLimitService.Path, new RateLimitRequest { Domain = "conformance", Descriptors = { descriptor } }));
        return Answer(answer.DynamicMetadata, answer.ResponseHeadersToAdd);
    }

    private async Task<byte[]> AskAsync(string method, IMessage question)
    {
        var reply = await caller.CallAsync(method, question.ToByteArray());
        Assert.True(reply.Status == 0, $"{reply.Status} {reply.Message}");
        return Assert.Single(reply.Messages);
    }

    private static HttpResponseMessage Answer(Struct metadata, IEnumerable<HeaderValue> headers)
    {
        var isAdmitted = metadata.Fields["decision"].StringValue != "reject";
        var answer = new HttpResponseMessage(isAdmitted ? HttpStatusCode.OK : (HttpStatusCode)(int)metadata.Fields["status"].NumberValue) { Content = new ByteArrayContent([]) };
        foreach (var header in headers)
        {
            if (!answer.Headers.TryAddWithoutValidation(header.Key, header.Value))
            {
                answer.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        if (isAdmitted)
        {
            answer.Headers.Add("X-EdgeGuard-Decision", metadata.Fields["decision"].StringValue);
        }

        if (metadata.Fields.TryGetValue("delay_ms", out var delay))
        {
            answer.Headers.Add("X-EdgeGuard-Delay-Ms", delay.NumberValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return answer;
    }
}
