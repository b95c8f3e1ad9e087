using System.Collections.Immutable;

namespace EdgeGuard.Options;

/// <summary>How an edge process runs. What it enforces is in the bundle. Keys are snake_case in the file and <c>EDGEGUARD_*</c> in the environment.</summary>
public sealed record EdgeOptions
{
    /// <summary>Id of this edge; required when connected. For a standalone edge the audience (site) that bundles are signed for, <c>site</c> by default.</summary>
    public string EdgeId { get; init; } = string.Empty;

    public SecretText? EdgeToken { get; init; }

    /// <summary><c>https://host:8443</c>, or empty for standalone.</summary>
    public string ControlPlaneUrl { get; init; } = string.Empty;

    /// <summary>PEM file with the certificate authority of the control plane; empty for the system's.</summary>
    public string ControlPlaneCaFile { get; init; } = string.Empty;

    /// <summary>Bundle file of a standalone edge; empty when connected.</summary>
    public string BundleFile { get; init; } = string.Empty;

    /// <summary>Keys that documents are verified with, <c>kid:base64url</c>, several separated by commas.</summary>
    public SecretText? SigningKey { get; init; }

    public string StateDir { get; init; } = "/var/lib/edgeguard";

    /// <summary><c>persistent</c> (default) or <c>ephemeral</c>: without a writable state directory the edge is ready only if this says ephemeral.</summary>
    public bool EphemeralState { get; init; }

    public ListenOptions Listen { get; init; } = new();

    /// <summary>Certificates of the listeners with TLS by name; <c>default</c> is what clients get that name no host or none of ours.</summary>
    public ImmutableDictionary<string, CertificateOptions> Certificates { get; init; } = ImmutableDictionary<string, CertificateOptions>.Empty;

    public TlsOptions Tls { get; init; } = new();

    public ProxyProtocolOptions ProxyProtocol { get; init; } = new();

    public ClientOptions Clients { get; init; } = new();

    /// <summary>Upstream clusters by name; <c>default</c> is what a policy without a cluster gets.</summary>
    public ImmutableDictionary<string, ClusterOptions> Clusters { get; init; } = ImmutableDictionary<string, ClusterOptions>.Empty;

    /// <summary>Vocabularies of models by names of their own.</summary>
    public ImmutableDictionary<string, VocabularyOptions> Vocabularies { get; init; } = ImmutableDictionary<string, VocabularyOptions>.Empty;

    public BundleOptions Bundle { get; init; } = new();

    /// <summary>Memory of the counter table in bytes (<c>counters.memory</c>, such as <c>64MiB</c>).</summary>
    public long CountersMemoryBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Networks (CIDR) of proxies whose forwarding headers are believed, and <c>unix</c> for peers on a Unix socket.</summary>
    public ImmutableArray<string> TrustedProxies { get; init; } = [];

    /// <summary>What is known of addresses, from files.</summary>
    public DataFileOptions DataFiles { get; init; } = new();

    /// <summary>What is known of addresses, from trusted proxies.</summary>
    public FactHeaderOptions FactHeaders { get; init; } = new();

    /// <summary><c>jwt_verification: off</c>.</summary>
    public bool JwtVerificationOff { get; init; }

    /// <summary>Hosts that key sets may be fetched from (<c>fetch.allowed_hosts</c>).</summary>
    public ImmutableArray<string> FetchAllowedHosts { get; init; } = [];

    /// <summary>Names among them that may resolve to private addresses (<c>fetch.allow_private_hosts</c>).</summary>
    public ImmutableArray<string> FetchPrivateHosts { get; init; } = [];

    /// <summary>How many credentials of one client may fail (<c>identity.failures.*</c>).</summary>
    public IdentityFailureOptions IdentityFailures { get; init; } = new();

    /// <summary>Environment names that a bundle may refer to (<c>references.env</c>).</summary>
    public ImmutableArray<string> ReferenceEnvironment { get; init; } = [];

    /// <summary>Path prefixes that a bundle may refer to (<c>references.files</c>).</summary>
    public ImmutableArray<string> ReferenceFiles { get; init; } = [];

    /// <summary>Prefix of our response headers (<c>headers.prefix</c>).</summary>
    public string HeaderPrefix { get; init; } = "X-EdgeGuard-";

    /// <summary>Whether the proxy forwards usual requests on its fast lane (<c>proxy_lane</c>).</summary>
    public bool ProxyLane { get; init; } = true;

    /// <summary>Whether <c>RateLimit-Limit/-Remaining/-Reset</c> are sent too (<c>headers.legacy_ratelimit</c>).</summary>
    public bool LegacyRateLimitHeaders { get; init; } = true;

    /// <summary>Shared secret that callers of a decision listener send in <c>X-EdgeGuard-Decision-Secret</c>; required when it is not loopback or a Unix socket.</summary>
    public SecretText? DecisionSharedSecret { get; init; }

    public ThrottleOptions Throttle { get; init; } = new();

    public BodyOptions Bodies { get; init; } = new();

    public TimeSpan TelemetryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Millionths of the traces begun here that are marked sampled (<c>trace.sample</c>).</summary>
    public long TraceSamplePerMillion { get; init; } = 1_000_000;

    public ExplainOptions Explain { get; init; } = new();

    /// <summary>Secret that opens a debug session (<c>debug.session_secret</c>); null for no debug sessions.</summary>
    public SecretText? DebugSessionSecret { get; init; }

    /// <summary><c>trace debug information warning error</c> (<c>log.level</c>).</summary>
    public string LogLevel { get; init; } = "information";
}
