using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>
/// Break-glass: kill switches set at the edge itself, with the control plane dead or not. They survive a restart, stay until they are
/// removed here or expire, and are reported (without what they match) when the control plane is back.
/// </summary>
internal sealed class LocalKillSwitches : ILocalKillReports
{
    /// <summary>Most local kill switches at once.</summary>
    public const int MaxSwitches = 1000;

    /// <summary>Most reports that wait; beyond it the oldest is dropped.</summary>
    public const int MaxReports = 1000;

    /// <summary>Longest reason reported, in characters; the control plane takes no longer one.</summary>
    private const int MaxReason = 500;

    private const string FileName = StateFiles.LocalKillSwitches;
    private const string Consequence = "its local kill switches are no longer in force; set them again";

    private readonly Lock _gate = new();
    private readonly StateDirectory _state;
    private readonly SnapshotHolder _holder;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalKillSwitches> _logger;
    private readonly bool _isReported;
    private ImmutableArray<KillSwitchDefinition> _switches = [];
    private ImmutableArray<NumberedReport> _reports = [];
    private long _lastNumber;

    /// <summary>An empty set; <see cref="Restore"/> brings back the kept one.</summary>
    /// <param name="state">Where it is kept.</param>
    /// <param name="holder">Where it comes into force.</param>
    /// <param name="isReported">Whether there is a control plane to report to.</param>
    /// <param name="time">For expiries and reports.</param>
    /// <param name="logger">Who set what is logged without what it matches.</param>
    public LocalKillSwitches(
        StateDirectory state, SnapshotHolder holder, bool isReported, TimeProvider time, ILogger<LocalKillSwitches> logger)
    {
        _state = state;
        _holder = holder;
        _isReported = isReported;
        _time = time;
        _logger = logger;
    }

    /// <summary>The set in force, expired ones included until the next change.</summary>
    public ImmutableArray<KillSwitchDefinition> Switches
    {
        get
        {
            lock (_gate)
            {
                return _switches;
            }
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<NumberedReport> Pending
    {
        get
        {
            lock (_gate)
            {
                return _reports;
            }
        }
    }

    /// <summary>Puts the kept set in force again, before traffic.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            if (_state.ReadChecksummed(FileName, Consequence) is not { } content)
            {
                return;
            }

            var document = LocalKillDocument.Read(content);
            var (switches, diagnostics) = document is null
                ? ([], [])
                : BundleReader.ReadKillSwitches(JsonSerializer.SerializeToUtf8Bytes(document.Switches, LocalKillJson.Default.JsonElement), FileName);
            if (document is null || diagnostics.Any(found => found.Severity == Severity.Error))
            {
                _state.SetAside(FileName, Consequence);
                return;
            }

            _reports = [.. document.Reports];
            _lastNumber = document.LastNumber;
            _switches = switches;
            _holder.Update(snapshot => snapshot.WithLocalKillSwitches(switches));
        }
    }

    /// <summary>Sets one. In force when this returns without an error.</summary>
    public LocalKillResult Add(CreateKillSwitch request)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var live = _switches.RemoveAll(found => found.ExpiresAt is { } expires && expires <= now);
            var id = string.IsNullOrEmpty(request.Id) ? "local-" + RandomNumberGenerator.GetHexString(8, lowercase: true) : request.Id;
            var (read, diagnostics) = BundleReader.ReadKillSwitches(KillSwitchRequestJson.Write(request, id), "request");
            var problems = diagnostics.AddRange(LocalKillChecks.Check(request, id, live, now));
            if (problems.Any(found => found.Severity == Severity.Error) || read.Length != 1)
            {
                return new LocalKillResult(null, problems);
            }

            var added = read[0];
            Use(live.Add(added));
            SyncLog.LocalKillSwitch(_logger, id, "added");
            Report(new LocalKillReport(id, "added", added.ScopeKey.ToString(), request.Reason, now.ToUnixTimeMilliseconds()));
            return new LocalKillResult(added, problems.AddRange(Keep()));
        }
    }

    /// <summary>Removes one. No switch in the result when there is none of this id.</summary>
    /// <param name="id">The one.</param>
    /// <param name="reason">Why, for the report; empty for the reason that it was set with.</param>
    public LocalKillResult Remove(string id, string reason)
    {
        lock (_gate)
        {
            var found = _switches.FirstOrDefault(candidate => candidate.Id == id);
            if (found is null)
            {
                return new LocalKillResult(null, []);
            }

            Use(_switches.Remove(found));
            SyncLog.LocalKillSwitch(_logger, id, "removed");
            Report(new LocalKillReport(id, "removed", found.ScopeKey.ToString(), reason.Length > 0 ? reason : found.Reason ?? string.Empty, _time.GetUtcNow().ToUnixTimeMilliseconds()));
            return new LocalKillResult(found, Keep());
        }
    }

    /// <inheritdoc />
    public void Acknowledge(long through)
    {
        lock (_gate)
        {
            var rest = _reports.RemoveAll(report => report.Number <= through);
            if (rest.Length != _reports.Length)
            {
                _reports = rest;
                Keep();
            }
        }
    }

    private void Use(ImmutableArray<KillSwitchDefinition> switches)
    {
        _switches = switches;
        _holder.Update(snapshot => snapshot.WithLocalKillSwitches(switches));
    }

    private void Report(LocalKillReport report)
    {
        if (!_isReported)
        {
            return;
        }

        report = report with { Reason = report.Reason.Length <= MaxReason ? report.Reason : report.Reason[..MaxReason] };
        _lastNumber++;
        _reports = (_reports.Length < MaxReports ? _reports : _reports.RemoveAt(0)).Add(new NumberedReport(_lastNumber, report));
    }

    // After it is in force: break-glass must work with a full disk too, and then says that a restart would lose it.
    private ImmutableArray<Diagnostic> Keep()
    {
        try
        {
            var switches = JsonDocument.Parse(BundleReader.WriteKillSwitches(_switches)).RootElement;
            var document = new LocalKillDocument { Switches = switches, Reports = [.. _reports], LastNumber = _lastNumber };
            _state.Write(FileName, ChecksummedFile.Wrap(JsonSerializer.SerializeToUtf8Bytes(document, LocalKillJson.Default.LocalKillDocument)));
            return [];
        }
        catch (StateException failure)
        {
            SyncLog.NotKept(_logger, FileName, failure.Diagnostic.ToString());
            return [SyncProblem.Warning(SyncCodes.NotKept, $"in force, but a restart would lose it: {failure.Diagnostic.Message}", failure.Diagnostic.Fix)];
        }
    }
}
