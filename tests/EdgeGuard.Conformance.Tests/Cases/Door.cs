namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>A way to ask for a decision.</summary>
internal enum Door
{
    Engine,
    Cli,
    Proxy,
    Decision,

    /// <summary><c>/v1/decision/forwarded</c>.</summary>
    Forwarded,

    /// <summary><c>/v1/decision/envoy/*</c>.</summary>
    Envoy,

    /// <summary><c>/v1/decision</c> of the listener that speaks HTTP/2.</summary>
    Http2,

    /// <summary>Envoy's external authorization, over gRPC.</summary>
    ExtAuthz,

    /// <summary>Envoy's rate limit service, over gRPC, with the request in one descriptor.</summary>
    RateLimit,

    /// <summary>nginx with <c>auth_request</c>, as it is shipped in <c>deploy/gateways</c>; so the others below.</summary>
    Nginx,
    NginxLua,
    HAProxy,
    Caddy,
}
