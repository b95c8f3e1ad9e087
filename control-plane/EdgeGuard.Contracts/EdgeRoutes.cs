namespace EdgeGuard.Contracts;

/// <summary>Addresses of what an edge calls at the control plane. All take <c>Authorization: Bearer EDGE_TOKEN</c>.</summary>
public static class EdgeRoutes
{
    /// <summary>POST <see cref="SessionRequest"/>, answers <see cref="SessionGrant"/>: opens a session and hands out a challenge.</summary>
    public const string Session = "/edge/v1/session";

    /// <summary>GET, <c>text/event-stream</c>: the directives. Needs <see cref="SessionHeader"/> and <see cref="ProofHeader"/>.</summary>
    public const string Stream = "/edge/v1/stream";

    /// <summary>GET <c>/edge/v1/bundles/{version}</c>: the bundle signed for this edge (<c>application/jose</c>), with ETag.</summary>
    public const string Bundle = "/edge/v1/bundles/";

    /// <summary>POST <see cref="AckBatch"/>: what was applied or refused. Answers 204.</summary>
    public const string Acks = "/edge/v1/acks";

    /// <summary>POST <see cref="TelemetryBatch"/>: answers 204; a batch already counted also answers 204 and changes nothing.</summary>
    public const string Telemetry = "/edge/v1/telemetry";

    /// <summary>POST <see cref="LeaseRequest"/>, answers <see cref="LeaseResponse"/>: shares of fleet-wide budgets.</summary>
    public const string Leases = "/edge/v1/leases";

    /// <summary>Session id from <see cref="SessionGrant"/>.</summary>
    public const string SessionHeader = "X-EdgeGuard-Session";

    /// <summary>Proof of possession of the edge's key: <c>KeyDerivation.Prove(key, challenge, edge id)</c>.</summary>
    public const string ProofHeader = "X-EdgeGuard-Proof";
}
