using System.Collections.Immutable;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>Values of the table into <see cref="EdgeOptions"/>.</summary>
internal static class EdgeBinder
{
    public static EdgeOptions Bind(OptionValues values) => new()
    {
        EdgeId = values.Text("edge_id"),
        EdgeToken = values.Secret("edge_token"),
        ControlPlaneUrl = values.Text("control_plane_url"),
        ControlPlaneCaFile = values.Text("control_plane_ca_file"),
        BundleFile = values.Text("bundle_file"),
        SigningKey = values.Secret("signing_key"),
        StateDir = values.Text("state_dir"),
        EphemeralState = values.Text("state") == "ephemeral",
        Listen = BindListen(values),
        Certificates = ListenerBinder.Certificates(values),
        Tls = ListenerBinder.Tls(values),
        ProxyProtocol = ListenerBinder.ProxyProtocol(values),
        Clients = ListenerBinder.Clients(values),
        Clusters = values.Names("clusters").ToImmutableDictionary(name => name, name => ClusterBinder.Bind(values, name), StringComparer.Ordinal),
        Vocabularies = values.Names("vocabularies").ToImmutableDictionary(name => name, name => BindVocabulary(values, name), StringComparer.Ordinal),
        Bundle = new BundleOptions
        {
            AcceptPeer = values.List("bundle.accept").Contains("peer", StringComparer.Ordinal),
            AcceptUnsigned = values.List("bundle.accept").Contains("unsigned", StringComparer.Ordinal),
            MinVersion = values.Number("bundle.min_version"),
            DenyOnExpiry = values.Text("bundle.on_expiry") == "deny",
        },
        CountersMemoryBytes = values.Number("counters.memory"),
        TrustedProxies = [.. values.List("trusted_proxies").Select(AsNetwork)],
        DataFiles = BindDataFiles(values),
        FactHeaders = BindFactHeaders(values),
        JwtVerificationOff = values.Text("jwt_verification") == "off",
        FetchAllowedHosts = values.List("fetch.allowed_hosts"),
        FetchPrivateHosts = values.List("fetch.allow_private_hosts"),
        IdentityFailures = new IdentityFailureOptions
        {
            Burst = values.Number("identity.failures.burst"),
            PerSecond = values.Number("identity.failures.per_second"),
        },
        ReferenceEnvironment = values.List("references.env"),
        ReferenceFiles = values.List("references.files"),
        HeaderPrefix = values.Text("headers.prefix"),
        ProxyLane = values.Boolean("proxy_lane"),
        LegacyRateLimitHeaders = values.Boolean("headers.legacy_ratelimit"),
        DecisionSharedSecret = values.Secret("decision.shared_secret"),
        Throttle = new ThrottleOptions
        {
            MaxWaiting = values.Number("throttle.max_waiting"),
            HoldDecisions = values.Text("decision.throttle") == "hold",
        },
        Bodies = new BodyOptions
        {
            MemoryBytes = values.Number("bodies.memory"),
            Timeout = values.Duration("bodies.timeout"),
        },
        TelemetryInterval = values.Duration("telemetry.interval"),
        TraceSamplePerMillion = values.Number("trace.sample"),
        Explain = new ExplainOptions
        {
            Keep = values.Duration("explain.keep"),
            MemoryBytes = values.Number("explain.memory"),
            SampleAllowsPerMillion = values.Number("explain.sample_allows"),
        },
        DebugSessionSecret = values.Secret("debug.session_secret"),
        LogLevel = values.Text("log.level"),
    };

    private static ListenOptions BindListen(OptionValues values) => new()
    {
        Proxy = values.Text("listen.proxy"),
        Decision = values.Text("listen.decision"),
        DecisionHttp2 = values.Text("listen.decision_http2"),
        ProxyTls = values.Text("listen.proxy_tls"),
        DecisionTls = values.Text("listen.decision_tls"),
        Redirect = values.Text("listen.redirect"),
        Probes = values.Text("listen.probes"),
        AdminSocket = values.Text("listen.admin_socket"),
    };

    private static VocabularyOptions BindVocabulary(OptionValues values, string name) => new()
    {
        File = values.Text($"vocabularies.{name}.file"),
        SplitsAsO200K = values.Text($"vocabularies.{name}.splits") == "o200k",
        Models = values.List($"vocabularies.{name}.models"),
    };

    private static DataFileOptions BindDataFiles(OptionValues values) => new()
    {
        Country = values.Text("data_files.country"),
        Asn = values.Text("data_files.asn"),
        Type = values.Text("data_files.type"),
        Tor = values.Text("data_files.tor"),
    };

    private static FactHeaderOptions BindFactHeaders(OptionValues values) => new()
    {
        Country = values.Text("fact_headers.country"),
        Asn = values.Text("fact_headers.asn"),
        Type = values.Text("fact_headers.type"),
        Tor = values.Text("fact_headers.tor"),
    };

    /// <summary>A single address as the network that holds only it, so that readers need one form.</summary>
    internal static string AsNetwork(string text) =>
        text == "unix" || text.Contains('/', StringComparison.Ordinal) ? text : text + (text.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
}
