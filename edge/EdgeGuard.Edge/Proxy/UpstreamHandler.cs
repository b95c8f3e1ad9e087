using System.Globalization;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Options;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Bounds the wait for response headers. The clock starts when the request has been sent, so that a long upload is not cut off. Takes out of the
/// response what only the edge may say.
/// </summary>
internal sealed class UpstreamHandler(HttpMessageHandler inner, TimeSpan timeout, TimeProvider time, ReservedHeaders reserved) : DelegatingHandler(inner)
{
    /// <summary>Metadata key of a cluster that holds the timeout in ticks.</summary>
    public const string TimeoutKey = "edgeguard.timeout";

    /// <summary>Option of a message that holds the watch over its upload, when it has a body.</summary>
    public static readonly HttpRequestOptionsKey<UploadWatch> UploadKey = new("edgeguard.upload");

    /// <summary>Option of a message that holds a policy's own timeout; of the two the shorter counts.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> PatienceKey = new("edgeguard.patience");

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A body may still be on its way up when the answer has begun, under this cancellation.
        var hasBody = request.Content is not null;
        var either = StopSource.Rent(time, isNew: hasBody, cancellationToken);
        var limit = request.Options.TryGetValue(PatienceKey, out var own) && own < timeout ? own : timeout;
        if (request.Options.TryGetValue(UploadKey, out var upload))
        {
            upload.WhenSent(() => either.CancelAfter(limit));
        }
        else
        {
            either.CancelAfter(limit);
        }

        try
        {
            var response = await base.SendAsync(request, either.Token);
            reserved.RemoveFrom(response.Headers);
            return response;
        }
        catch (OperationCanceledException failure) when (failure.InnerException is TimeoutException && !either.IsCancellationRequested)
        {
            // No connection in time: as one that was refused, and not as an upstream that does not answer.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "No connection to the upstream in time.", failure);
        }
        finally
        {
            upload?.WhenSent(null);
            either.Return(mayReuse: !hasBody);
        }
    }

    /// <summary>Makes the forwarder's clients with this handler.</summary>
    internal sealed class Factory(EdgeOptions options, UpstreamCertificates certificates, TimeProvider time, ReservedHeaders reserved) : ForwarderHttpClientFactory
    {
        /// <inheritdoc />
        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);

            // The runtime would write a traceparent of its own over the one that the decision is linked to.
            handler.ActivityHeadersPropagator = null;
            handler.ConnectTimeout = options.Clusters.GetValueOrDefault(context.ClusterId)?.ConnectTimeout ?? handler.ConnectTimeout;
            certificates.Configure(context.ClusterId, handler.SslOptions);

            // A stream that is ended before its provider ends it is broken off upstream at once: what is drained for reuse of the connection is generated, and paid.
            handler.MaxResponseDrainSize = 0;
        }

        /// <inheritdoc />
        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
        {
            var ticks = context.NewMetadata?.GetValueOrDefault(TimeoutKey);
            return ticks is null
                ? handler
                : new UpstreamHandler(handler, TimeSpan.FromTicks(long.Parse(ticks, CultureInfo.InvariantCulture)), time, reserved);
        }
    }
}
