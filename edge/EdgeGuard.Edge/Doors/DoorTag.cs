namespace EdgeGuard.Edge.Doors;

/// <summary>Which door a connection came in by; set when it is accepted, so that no request can choose another.</summary>
internal sealed record DoorTag(string Name)
{
    public static DoorTag Proxy { get; } = new("proxy");

    public static DoorTag Decision { get; } = new("decision");

    public static DoorTag DecisionHttp2 { get; } = new("decision-http2");

    public static DoorTag Probes { get; } = new("probes");
}
