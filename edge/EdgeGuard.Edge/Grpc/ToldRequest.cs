using System.Net;
using EdgeGuard.Edge.Doors;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Grpc;

/// <summary>
/// A request that a gateway tells of in a message, as the pipeline reads any other: headers and body from the message, peer and cancellation from
/// the call. What is answered to it is kept for the message back.
/// </summary>
internal sealed class ToldRequest : IHttpRequestBodyDetectionFeature, IAsyncDisposable
{
    private readonly Ending _response = new();
    private readonly MemoryStream _body = new();

    public ToldRequest(HttpContext call, string method, string scheme, Stream? body)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = method, Scheme = scheme, Protocol = call.Request.Protocol, Body = body ?? Stream.Null, Headers = Headers });
        features.Set<IHttpResponseFeature>(_response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_body));
        features.Set<IHttpRequestBodyDetectionFeature>(this);
        features.Set(call.Door());
        Context = new DefaultHttpContext(features) { RequestAborted = call.RequestAborted };
        Context.Connection.RemoteIpAddress = call.Connection.RemoteIpAddress;
        CanHaveBody = body is not null;
        if (body is not null)
        {
            Context.Request.ContentLength = body.Length;
        }
    }

    /// <summary>The request.</summary>
    public HttpContext Context { get; }

    /// <summary>Headers of the request.</summary>
    public HeaderDictionary Headers { get; } = [];

    /// <inheritdoc />
    public bool CanHaveBody { get; }

    /// <summary>Peer of the call; null on a Unix socket.</summary>
    public IPAddress? Peer => Context.Connection.RemoteIpAddress;

    /// <summary>Body that was answered.</summary>
    public ReadOnlySpan<byte> Answer => _body.GetBuffer().AsSpan(0, (int)_body.Length);

    /// <summary>Completes the answer, so that all of it is there.</summary>
    public Task CompleteAsync() => Context.Response.BodyWriter.FlushAsync().AsTask();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _response.EndAsync();

    /// <summary>Runs what is to be done at the request's end, which the framework's own feature drops.</summary>
    private sealed class Ending : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

        public async ValueTask EndAsync()
        {
            while (_completed.TryPop(out var entry))
            {
                await entry.Callback(entry.State);
            }
        }
    }
}
