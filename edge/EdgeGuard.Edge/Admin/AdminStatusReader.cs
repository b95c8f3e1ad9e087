using System.Collections.Immutable;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.Leases;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Identity;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Admin;

/// <summary>Puts together what the admin socket shows.</summary>
internal sealed class AdminStatusReader(
    EdgeOptions options,
    SnapshotHolder holder,
    BundleStatus bundles,
    StateDirectory state,
    SyncStatus sync,
    TelemetryStore telemetry,
    LocalKillSwitches localKills,
    BoundAddresses addresses,
    DataFileSet dataFiles,
    FactSources sources,
    Lazy<CallerVerifier> callers,
    IServiceProvider services)
{
    /// <summary>Everything at this moment.</summary>
    public AdminStatus Read() => new()
    {
        EdgeId = options.EdgeId,
        Version = SyncSettings.ProductVersion,
        Mode = sync.State == ConnectionState.Standalone ? "standalone" : "connected",
        Bundle = ReadBundle(),
        KillSwitches = ReadCounts(),
        PushedApiKeys = Describe(services.GetService<ApiKeySet>()),
        PushedRevocations = Describe(services.GetService<RevocationSet>()),
        Identity = IdentityReport.Of(callers),
        Leases = services.GetService<LeaseStatus>() is { } leases
            ? new LeasesReport(leases.Age?.TotalSeconds, leases.Exchanges, leases.Failures, leases.Asked, leases.Keys, leases.Problem, [.. leases.Budgets])
            : null,
        ControlPlane = sync.State == ConnectionState.Standalone ? null : ReadControlPlane(),
        State = new StateReport(
            state.DirectoryPath, state.IsPersistent, state.IsEphemeral, [.. state.Problems.Select(problem => problem.ToString())]),
        DataFiles = [.. dataFiles.Files.Select(file => new DataFileReport(
            file.Fact, file.FilePath, file.List?.Entries ?? 0, file.ReadAt, [.. file.Problems.Select(problem => problem.ToString())]))],
        FactsWithoutSource = [.. sources.Missing(holder.Current.Facts).Select(FactNames.Of)],
        Telemetry = services.GetService<TelemetrySender>() is { } sender ? ReadTelemetry(sender) : null,
        Listeners = ReadListeners(),
    };

    /// <summary>All kill switches in force.</summary>
    public ImmutableArray<KillSwitchReport> KillSwitches() =>
        [.. holder.Current.KillSwitches.Select(entry => KillSwitchReport.Of(entry.Switch, entry.Origin, []))];

    private BundleReport ReadBundle()
    {
        var attempt = bundles.LastAttempt;
        return new BundleReport
        {
            Version = holder.Current.Version,
            Digest = holder.Current.Digest,
            Origin = bundles.Active?.Origin,
            ActivatedAt = bundles.Active?.ActivatedAt,
            ExpiresAt = bundles.Active?.ExpiresAt,
            AttemptedAt = attempt?.At,
            AttemptedOrigin = attempt?.Origin,
            AttemptedVersion = attempt?.Result.Version,
            AttemptApplied = attempt?.Result.Applied,
            Problems = [.. attempt?.Result.Diagnostics.Select(finding => finding.ToString()) ?? []],
        };
    }

    private KillSwitchCounts ReadCounts()
    {
        var all = holder.Current.KillSwitches;
        var mark = services.GetService<PushedKillSwitches>()?.Mark;
        var hasMark = mark is { Sequence: > 0 };
        return new KillSwitchCounts(
            all.Count(entry => entry.Origin == "bundle"),
            all.Count(entry => entry.Origin == "pushed"),
            all.Count(entry => entry.Origin == "local"),
            hasMark ? mark!.Value.Epoch : null,
            hasMark ? mark!.Value.Sequence : null);
    }

    private static PushedSetReport? Describe(PushedSet? set)
    {
        if (set is null)
        {
            return null;
        }

        var mark = set.Mark;
        return new PushedSetReport(
            set.Count, mark.Sequence > 0 ? mark.Epoch : null, mark.Sequence > 0 ? mark.Sequence : null, set.Age is { } age ? (long)age.TotalSeconds : null);
    }

    private ControlPlaneReport ReadControlPlane() => new(
        options.ControlPlaneUrl,
        sync.State switch
        {
            ConnectionState.Connected => "connected",
            ConnectionState.Waiting => "waiting",
            _ => "connecting",
        },
        sync.DirectiveAge?.TotalSeconds,
        sync.Connects,
        sync.Applied,
        sync.Refused,
        sync.Problem?.ToString());

    private TelemetryReport ReadTelemetry(TelemetrySender sender)
    {
        var frozen = telemetry.Frozen;
        return new TelemetryReport(
            frozen?.Sequence, frozen?.Bytes.Length ?? 0, telemetry.Unfrozen, localKills.Pending.Count, sender.Sent, sender.Failed);
    }

    private ImmutableSortedDictionary<string, string> ReadListeners() => ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("proxy", addresses.Of(DoorTag.Proxy, options.Listen.Proxy)),
            KeyValuePair.Create("decision", addresses.Of(DoorTag.Decision, options.Listen.Decision)),
            KeyValuePair.Create("decision_http2", addresses.Of(DoorTag.DecisionHttp2, options.Listen.DecisionHttp2)),
            KeyValuePair.Create("proxy_tls", addresses.Of(DoorTag.ProxyTls, options.Listen.ProxyTls)),
            KeyValuePair.Create("decision_tls", addresses.Of(DoorTag.DecisionTls, options.Listen.DecisionTls)),
            KeyValuePair.Create("redirect", addresses.Of(DoorTag.Redirect, options.Listen.Redirect)),
            KeyValuePair.Create("probes", addresses.Of(DoorTag.Probes, options.Listen.Probes)),
        ]);
}
