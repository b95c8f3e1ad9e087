using EdgeGuard.Edge.Exchanges;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace EdgeGuard.Edge.Proxy;

/// <summary>What became of a forwarded request, from what the forwarder left.</summary>
internal static class ForwardOutcome
{
    /// <summary>The outcome of a request that the forwarder has finished with.</summary>
    public static ExchangeOutcome Of(HttpContext context, Exchange exchange)
    {
        if (exchange.StreamOutcome is { } streamed)
        {
            return streamed;
        }

        var error = context.GetForwarderErrorFeature()?.Error ?? ForwarderError.None;
        if (error != ForwarderError.None)
        {
            return OfError(error, exchange, answered: exchange.UpstreamAnswered);
        }

        if (context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is null)
        {
            return ExchangeOutcome.NotForwarded;
        }

        return context.Response.StatusCode switch
        {
            StatusCodes.Status101SwitchingProtocols => ExchangeOutcome.Upgraded,
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => ExchangeOutcome.Overloaded,
            >= StatusCodes.Status400BadRequest => ExchangeOutcome.Failed,
            _ => ExchangeOutcome.Answered,
        };
    }

    private static ExchangeOutcome OfError(ForwarderError error, Exchange exchange, bool answered) => error switch
    {
        ForwarderError.NoAvailableDestinations or ForwarderError.RequestCreation => ExchangeOutcome.NotForwarded,

        // Before it is asked who stopped: the forwarder hangs up on the client for it, which is not the client's doing. A reading that is stopped is told as cancelled.
        ForwarderError.ResponseBodyDestination => ExchangeOutcome.BrokenOff,

        // Whether the client's own doing or a kill switch: the upstream may have been at work already.
        _ when exchange.Stopped.IsCancellationRequested => ExchangeOutcome.Abandoned,
        ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled or ForwarderError.RequestCanceled
            or ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled
            or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeRequestCanceled
            or ForwarderError.UpgradeResponseClient or ForwarderError.UpgradeResponseCanceled
            or ForwarderError.UpgradeActivityTimeout => ExchangeOutcome.Abandoned,
        ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination => ExchangeOutcome.Upgraded,
        _ when answered => ExchangeOutcome.BrokenOff,
        _ => ExchangeOutcome.Unreachable,
    };
}
