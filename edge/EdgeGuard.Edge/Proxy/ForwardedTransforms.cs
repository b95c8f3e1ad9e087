using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Usage;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace EdgeGuard.Edge.Proxy;

/// <summary>What the forwarder changes: the target that was decided on goes up, the limits come down.</summary>
internal sealed class ForwardedTransforms(
    AdmittedHeaders admitted, ReservedHeaders reserved, UsageWatch usage, ActiveExchanges exchanges, DebugHeaders debug, StreamEnforcement streams) : ITransformProvider
{
    // The target is sent as it is: the default canonicalization of Uri would change it after it was decided on.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <inheritdoc />
    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;
        context.AddOriginalHost(useOriginal: true);
        context.AddRequestTransform(transform =>
        {
            var decided = transform.HttpContext.Features.GetRequiredFeature<ForwardedRequest>();
            var destination = transform.DestinationPrefix.TrimEnd('/');
            var message = transform.ProxyRequest;
            if (!Uri.TryCreate(string.Concat(destination, decided.Target), AsItIs, out var address))
            {
                throw new InvalidOperationException("The address of a cluster is no URI.");
            }

            message.RequestUri = address;
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                // The certificate is checked against the Host header, and it belongs to the destination.
                message.Headers.Host = null;
            }

            usage.Prepare(decided.Exchange, message);
            if (decided.Upload is { } upload && message.Content is not null)
            {
                message.Options.Set(UpstreamHandler.UploadKey, upload);
            }

            if (decided.Timeout is { } timeout)
            {
                message.Options.Set(UpstreamHandler.PatienceKey, timeout);
            }

            return ValueTask.CompletedTask;
        });
        context.AddResponseTransform(async transform =>
        {
            var forwarded = transform.HttpContext.Features.GetRequiredFeature<ForwardedRequest>();
            exchanges.Answer(forwarded.Exchange, transform.ProxyResponse);
            admitted.Set(transform.HttpContext.Response.Headers, forwarded.Decided);
            AnswerHeaders.TellForwarded(transform.HttpContext.Response.Headers, forwarded.Decided.Answer);
            debug.Tell(transform.HttpContext, forwarded.Decided);
            if (StreamEnforcement.Watches(forwarded.Exchange, transform.ProxyResponse))
            {
                // Passed on here, so that it can be ended without its connection being broken off.
                transform.SuppressResponseBody = true;
                await streams.PassAsync(transform.HttpContext, forwarded.Exchange, transform.ProxyResponse!.Content);
                return;
            }

            UsageWatch.Watch(forwarded.Exchange, transform.ProxyResponse, transform.HttpContext);
        });
        context.CopyResponseTrailers = false;
        context.AddResponseTrailersTransform(transform =>
        {
            if (transform.ProxyResponse is { } response
                && transform.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            {
                reserved.CopyOthers(response.TrailingHeaders, trailers);
            }

            return ValueTask.CompletedTask;
        });
    }

    /// <inheritdoc />
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    /// <inheritdoc />
    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }
}
