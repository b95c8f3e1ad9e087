namespace EdgeGuard.Edge.Doors;

/// <summary>Which door a connection came in by; set when it is accepted, so that no request can choose another.</summary>
internal sealed record DoorTag(string Name)
{
    public static DoorTag Proxy { get; } = new("proxy");

    public static DoorTag ProxyTls { get; } = new("proxy-tls");

    public static DoorTag Decision { get; } = new("decision");

    public static DoorTag DecisionHttp2 { get; } = new("decision-http2");

    public static DoorTag DecisionTls { get; } = new("decision-tls");

    public static DoorTag Redirect { get; } = new("redirect");

    public static DoorTag Probes { get; } = new("probes");

    /// <summary>Whether requests are forwarded.</summary>
    public bool IsProxy => ReferenceEquals(this, Proxy) || ReferenceEquals(this, ProxyTls);

    /// <summary>Whether gateways ask here.</summary>
    public bool IsDecision => ReferenceEquals(this, Decision) || ReferenceEquals(this, DecisionHttp2) || ReferenceEquals(this, DecisionTls);

    /// <summary>Whether TLS is spoken.</summary>
    public bool IsTls => ReferenceEquals(this, ProxyTls) || ReferenceEquals(this, DecisionTls);
}
