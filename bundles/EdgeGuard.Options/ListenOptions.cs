namespace EdgeGuard.Options;

/// <summary>Where an edge listens (<c>listen.*</c>): <c>host:port</c>, <c>unix:/path</c>, or <c>off</c>. Port 0 takes a free one.</summary>
public sealed record ListenOptions
{
    public string Proxy { get; init; } = "0.0.0.0:8080";

    public string Decision { get; init; } = "127.0.0.1:8081";

    /// <summary>HTTP/2 without TLS, for gRPC later.</summary>
    public string DecisionHttp2 { get; init; } = "127.0.0.1:8082";

    /// <summary>Reverse proxy over TLS.</summary>
    public string ProxyTls { get; init; } = "off";

    /// <summary>Decision API over TLS.</summary>
    public string DecisionTls { get; init; } = "off";

    /// <summary>Sends requests on to https.</summary>
    public string Redirect { get; init; } = "off";

    public string Probes { get; init; } = "0.0.0.0:9090";

    /// <summary>Whether requests are forwarded at all.</summary>
    public bool HasProxy => Proxy != "off" || ProxyTls != "off";

    /// <summary>Whether gateways may ask.</summary>
    public bool HasDecision => Decision != "off" || DecisionHttp2 != "off" || DecisionTls != "off";

    /// <summary>Path of the admin Unix socket, mode 0600; empty for <c>admin.sock</c> in the state directory.</summary>
    public string AdminSocket { get; init; } = string.Empty;
}
