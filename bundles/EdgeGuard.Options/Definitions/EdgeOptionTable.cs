namespace EdgeGuard.Options.Definitions;

/// <summary>The options of <c>edgeguard-edge</c>.</summary>
public static class EdgeOptionTable
{
    private const long Second = 1000;
    private const long Hour = 3600 * Second;
    private const long MiB = 1024 * 1024;

    /// <summary>The table.</summary>
    public static OptionTable Table { get; } = new("EDGEGUARD_", "edgeguard.yaml",
    [
        new("edge_id", OptionKind.Text, "", "Id of this edge; for a standalone edge the site that bundles are signed for (`site` when empty).")
        {
            Max = 64, Range = "at most 64 characters",
        },
        new("edge_token", OptionKind.Text, "", "Token that this edge authenticates with at the control plane.") { Secret = true },
        new("control_plane_url", OptionKind.Url, "", "Address of the control plane; empty for a standalone edge.") { Range = "https only" },
        new("control_plane_ca_file", OptionKind.Path, "", "PEM file with the certificate authority of the control plane; empty for the system's."),
        new("bundle_file", OptionKind.Path, "", "Bundle of a standalone edge; reloaded when it changes.") { FlagAliases = ["--bundle"] },
        new("signing_key", OptionKind.Text, "", "Keys that documents are verified with, `kid:base64url`, several separated by commas.") { Secret = true },
        new("state_dir", OptionKind.Path, "/var/lib/edgeguard", "Folder for last-good bundle, kill switches and counters; one edge owns it."),
        new("state", OptionKind.Choice, "persistent", "Whether the edge may be ready without a writable state folder.")
        {
            Choices = ["persistent", "ephemeral"],
        },
        new("listen.proxy", OptionKind.Address, "0.0.0.0:8080", "Reverse proxy."),
        new("listen.decision", OptionKind.Address, "127.0.0.1:8081", "Decision API for gateways, HTTP/1.1."),
        new("listen.decision_http2", OptionKind.Address, "127.0.0.1:8082", "Decision API over HTTP/2 without TLS."),
        new("listen.probes", OptionKind.Address, "0.0.0.0:9090", "Probes and metrics."),
        new("listen.admin_socket", OptionKind.Path, "", "Admin Unix socket; `admin.sock` in the state folder when empty."),
        .. ListenerOptionDefinitions.All,
        .. ClusterOptionDefinitions.All,
        new("vocabularies.*.file", OptionKind.Path, "", "Vocabulary of byte-pair encoding, a `.tiktoken` file, that prompts are counted with where `estimator: calibrated` or money is; read at the start."),
        new("vocabularies.*.splits", OptionKind.Choice, "o200k", "How texts are split before: as for `o200k_base` or as for `cl100k_base`.") { Choices = ["o200k", "cl100k"] },
        new("vocabularies.*.models", OptionKind.List, "", "Models that it is for, each a name or with a closing `*` the beginning of one."),
        new("bundle.accept", OptionKind.ChoiceList, "", "Bundles accepted beside signed ones.") { Choices = ["peer", "unsigned"] },
        new("bundle.min_version", OptionKind.Integer, "0", "Lowest bundle version accepted, whatever the state folder remembers.")
        {
            Range = "0 or more",
        },
        new("bundle.on_expiry", OptionKind.Choice, "keep", "What to do when the loaded bundle expires: go on, or refuse everything.")
        {
            Choices = ["keep", "deny"],
        },
        new("counters.memory", OptionKind.Size, "64MiB", "Memory of the counter table, 32 bytes a counter.")
        {
            Min = MiB, Max = 64 * 1024 * MiB, Range = "1MiB to 64GiB",
        },
        new("trusted_proxies", OptionKind.NetworkList, "", "Networks of proxies whose forwarding headers are believed; `unix` stands for peers on a Unix socket."),
        new("data_files.country", OptionKind.Path, "", "List of networks with countries, for `ip:country`; reloaded when it changes."),
        new("data_files.asn", OptionKind.Path, "", "List of networks with autonomous systems, for `ip:asn`; reloaded when it changes."),
        new("data_files.type", OptionKind.Path, "", "List of networks or autonomous systems with kinds of network, for `ip:type`; reloaded when it changes."),
        new("data_files.tor", OptionKind.Path, "", "List of exits of the Tor network, for `ip:tor`; reloaded when it changes."),
        FactHeader("country", "X-Country-Code"),
        FactHeader("asn", "X-ASN"),
        FactHeader("type", ""),
        FactHeader("tor", "X-Tor-Exit"),
        new("jwt_verification", OptionKind.Choice, "on", "`off` only behind a gateway that has verified tokens already.") { Choices = ["on", "off"] },
        new("fetch.allowed_hosts", OptionKind.List, "", "Hosts that key sets may be fetched from."),
        new("fetch.allow_private_hosts", OptionKind.List, "", "Names among `fetch.allowed_hosts`, without port, that may resolve to private addresses."),
        new("identity.failures.burst", OptionKind.Integer, "20", "Failed credentials of one client that are checked at once, before no more of them are; 0 for no limit.")
        {
            Max = 100_000, Range = "0 to 100000",
        },
        new("identity.failures.per_second", OptionKind.Integer, "1", "Failed credentials of one client that are forgiven in a second.")
        {
            Min = 1, Max = 10_000, Range = "1 to 10000",
        },
        new("references.env", OptionKind.List, "", "Environment names that a bundle may refer to."),
        new("references.files", OptionKind.List, "", "Path prefixes that a bundle may refer to."),
        new("headers.prefix", OptionKind.Text, "X-EdgeGuard-", "Prefix of the response headers of this product.")
        {
            Max = 64,
            Range = "letters, digits and `-`, at most 64",
        },
        new("proxy_lane", OptionKind.Boolean, "true", "Whether the proxy forwards usual HTTP/1.1 requests on its fast lane (on Linux); everything else goes the other way in any case."),
        new("headers.legacy_ratelimit", OptionKind.Boolean, "true", "Whether `RateLimit-Limit`, `-Remaining` and `-Reset` are sent too."),
        new("decision.shared_secret", OptionKind.Text, "", "Secret that callers of a decision listener send; needed beyond loopback.") { Secret = true },
        new("decision.throttle", OptionKind.Choice, "tell", "Whether a decision door tells its gateway the delay of a throttled request, or holds it.")
        {
            Choices = ["tell", "hold"],
        },
        new("throttle.max_waiting", OptionKind.Integer, "10000", "Throttled requests that may wait at a time; further ones are refused.")
        {
            Min = 1, Max = 1_000_000, Range = "1 to 1000000",
        },
        new("bodies.memory", OptionKind.Size, "64MiB", "Memory of all request bodies that policies look at; beyond it requests are refused.")
        {
            Min = MiB, Max = 64 * 1024 * MiB, Range = "1MiB to 64GiB",
        },
        new("bodies.timeout", OptionKind.Duration, "30s", "Time for a client to send what policies look at of a body.")
        {
            Min = 100, Max = Hour, Range = "100ms to 1h",
        },
        new("telemetry.interval", OptionKind.Duration, "10s", "How often counts are sent to the control plane.")
        {
            Min = Second, Max = Hour, Range = "1s to 1h",
        },
        new("trace.sample", OptionKind.Percent, "100%", "Share of the traces begun here that are marked sampled for upstreams.") { Range = "0% to 100%" },
        new("explain.keep", OptionKind.Duration, "15m", "How long the reasoning of a decision can be asked for.")
        {
            Min = Second, Max = 24 * Hour, Range = "1s to 24h",
        },
        new("explain.memory", OptionKind.Size, "8MiB", "Memory for that; when it is full the oldest is dropped, and counted.")
        {
            Min = MiB, Max = 4 * 1024 * MiB, Range = "1MiB to 4GiB",
        },
        new("explain.sample_allows", OptionKind.Percent, "0.1%", "Share of plain allows that are kept too.") { Range = "0% to 100%" },
        new("debug.session_secret", OptionKind.Text, "", "Secret that opens a debug session; without one there are none.") { Secret = true },
        new("log.level", OptionKind.Choice, "information", "Least severity that is logged.")
        {
            Choices = ["trace", "debug", "information", "warning", "error"],
        },
    ]);

    private static OptionDefinition FactHeader(string fact, string name) =>
        new("fact_headers." + fact, OptionKind.Text, name, $"Header by which a trusted proxy tells `ip:{fact}` where no file does; nobody else's is believed or passed on.")
        {
            Max = 64,
            Range = "letters, digits and `-`, at most 64",
        };
}
