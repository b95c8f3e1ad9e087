namespace EdgeGuard.Testing;

/// <summary>How an <see cref="EdgeProcess"/> is started. All ports are free ones unless given.</summary>
public sealed record EdgeSettings
{
    public required string StateDir { get; init; }

    /// <summary>Address of the upstream that serves policies without a cluster.</summary>
    public required string Upstream { get; init; }

    public string EdgeId { get; init; } = string.Empty;

    /// <summary>Empty for a standalone edge.</summary>
    public string ControlPlaneUrl { get; init; } = string.Empty;

    public string CaFile { get; init; } = string.Empty;

    public string EdgeToken { get; init; } = string.Empty;

    public string SigningKey { get; init; } = string.Empty;

    /// <summary>Bundle of a standalone edge.</summary>
    public string BundleFile { get; init; } = string.Empty;

    public string Proxy { get; init; } = "127.0.0.1:0";

    public string Decision { get; init; } = "127.0.0.1:0";

    public string DecisionHttp2 { get; init; } = "127.0.0.1:0";

    public string Probes { get; init; } = "127.0.0.1:0";

    /// <summary>Flags of the command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Further variables, names without <c>EDGEGUARD_</c>.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>PEM file that stands for the system's authorities, for what the edge fetches from others; empty for the real ones.</summary>
    public string SystemAuthorities { get; init; } = string.Empty;

    public string? LogFile { get; init; }

    /// <summary>Assembly to run, a published one; null or empty for what the solution builds.</summary>
    public string? Assembly { get; init; }

    internal Dictionary<string, string> ToEnvironment()
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["EDGEGUARD_STATE_DIR"] = StateDir,
            ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = Upstream,
            ["EDGEGUARD_EDGE_ID"] = EdgeId,
            ["EDGEGUARD_CONTROL_PLANE_URL"] = ControlPlaneUrl,
            ["EDGEGUARD_CONTROL_PLANE_CA_FILE"] = CaFile,
            ["EDGEGUARD_EDGE_TOKEN"] = EdgeToken,
            ["EDGEGUARD_SIGNING_KEY"] = SigningKey,
            ["EDGEGUARD_BUNDLE_FILE"] = BundleFile,
            ["EDGEGUARD_LISTEN__PROXY"] = Proxy,
            ["EDGEGUARD_LISTEN__DECISION"] = Decision,
            ["EDGEGUARD_LISTEN__DECISION_HTTP2"] = DecisionHttp2,
            ["EDGEGUARD_LISTEN__PROBES"] = Probes,
            // Counts are wanted soon where somebody waits for them.
            ["EDGEGUARD_TELEMETRY__INTERVAL"] = "1s",
        };
        if (SystemAuthorities.Length > 0)
        {
            // What OpenSSL, and with it .NET on Linux, reads its authorities from.
            environment["SSL_CERT_FILE"] = SystemAuthorities;
        }

        foreach ((string name, string value) in More)
        {
            environment["EDGEGUARD_" + name] = value;
        }

        return environment;
    }
}
