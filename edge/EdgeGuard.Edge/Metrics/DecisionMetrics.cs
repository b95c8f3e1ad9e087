using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of decisions, their limits and their callers' tokens.</summary>
internal sealed class DecisionMetrics : IMetricSource
{
    private static readonly (FailureCauses Cause, string Name)[] Causes =
    [
        (FailureCauses.NoBundle, "no_bundle"),
        (FailureCauses.IdentityUnavailable, "identity_unavailable"),
        (FailureCauses.CountersFull, "counters_full"),
        (FailureCauses.DataUnavailable, "data_unavailable"),
    ];

    private readonly IDecisionRecorder _recorder;
    private readonly SnapshotHolder _holder;
    private readonly LatencyHistogram _duration = new();
    private readonly CounterSet _missing = new("key");
    private readonly CounterSet _tokens = new("outcome");
    private readonly LabelledCounters _credentials = new("kind", "outcome");
    private readonly LabelledCounters _failures = new("cause", "outcome");
    private readonly LabelledCounters _warnings = new("policy", "rule", "warning");
    private readonly LabelledCounters _disagreements = new("policy", "rule", "direction");
    private readonly CredentialOutcomes _tokenOutcomes;
    private readonly CredentialOutcomes _jwtOutcomes;
    private readonly CredentialOutcomes _keyOutcomes;
    private readonly CredentialOutcomes _agentOutcomes;
    private readonly CredentialOutcomes _certificateOutcomes;

    public DecisionMetrics(IDecisionRecorder recorder, SnapshotHolder holder)
    {
        _recorder = recorder;
        _holder = holder;
        _tokenOutcomes = new CredentialOutcomes(_tokens.Of);
        _jwtOutcomes = Of("jwt");
        _keyOutcomes = Of("api_key");
        _agentOutcomes = Of("agent");
        _certificateOutcomes = Of("certificate");

        CredentialOutcomes Of(string kind) => new(outcome => _credentials.Of(kind, outcome));
    }

    /// <summary>Counts what the recorder does not: duration and missing descriptors.</summary>
    /// <param name="snapshot">What was decided by.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="facts">What was decided on; null when it did not come to that.</param>
    /// <param name="nanoseconds">How long deciding took.</param>
    public void Record(PolicySnapshot snapshot, in Decision decision, FactSet? facts, long nanoseconds)
    {
        _duration.Record(nanoseconds);
        if (decision.MissingDescriptors > 0 && facts is not null)
        {
            CountMissing(snapshot, facts.MissingSlots);
        }

        if (decision.Warning != Warning.None)
        {
            CountWarning(snapshot, decision);
        }

        if ((decision.Opened | decision.Closed) != FailureCauses.None)
        {
            CountFailures(decision);
        }

        if (decision.Disagreements > 0)
        {
            CountDisagreement(snapshot, decision);
        }
    }

    /// <summary>Counts how each credential of a caller was judged.</summary>
    public void CountCaller(in Caller caller)
    {
        if (caller.Token is { } token)
        {
            _tokenOutcomes.Add(token);
            _jwtOutcomes.Add(token);
        }

        if (caller.Key is { } key)
        {
            _keyOutcomes.Add(key);
        }

        if (caller.Agent is { } agent)
        {
            _agentOutcomes.Add(agent);
        }

        if (caller.Certificate is { } certificate)
        {
            _certificateOutcomes.Add(certificate);
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        WriteDecisions(writer);
        _duration.Write(
            writer, "edgeguard_decision_duration_seconds", "Time to decide a request: facts and limits, without verifying a new token.");
        _missing.Write(writer, "edgeguard_descriptor_missing_total", "Requests in which a rule's descriptor was missing, by descriptor.");
        _tokens.Write(writer, "edgeguard_token_outcomes_total", "Requests to policies that read claims, by what became of their bearer token.");
        _credentials.Write(
            writer, "edgeguard_credentials_total", "Requests to policies that ask who calls, by kind of credential and what became of it.");
        _warnings.Write(writer, "edgeguard_warnings_total", "Admitted requests that were marked or delayed, by what said so.");
        _disagreements.Write(
            writer, "edgeguard_trial_disagreements_total", "Requests in which a limit on trial would have decided otherwise than the live one.");
        _failures.Write(
            writer, "edgeguard_failures_total", "Requests for which the edge could not know something, by whether policies went on without (on_failure) or refused.");
        WriteKillSwitches(writer);
    }

    private void CountFailures(in Decision decision)
    {
        foreach (var (cause, name) in Causes)
        {
            if ((decision.Opened & cause) != FailureCauses.None)
            {
                _failures.Add(name, "open");
            }

            if ((decision.Closed & cause) != FailureCauses.None)
            {
                _failures.Add(name, "closed");
            }
        }
    }

    // Off the path of an ordinary request, as the next.
    private void CountWarning(PolicySnapshot snapshot, in Decision decision)
    {
        var rule = snapshot.LimitRule(decision.WarningLimit);
        _warnings.Add(
            snapshot.PolicyId(snapshot.LimitPolicy(decision.WarningLimit)),
            rule < 0 ? string.Empty : snapshot.RuleName(rule),
            Warnings.Name(decision.Warning));
    }

    private void CountDisagreement(PolicySnapshot snapshot, in Decision decision) => _disagreements.Add(
        snapshot.PolicyId(snapshot.RulePolicy(decision.DisagreeingRule)),
        snapshot.RuleName(decision.DisagreeingRule),
        decision.TrialRefuses ? "trial_refuses" : "trial_admits");

    private void WriteDecisions(MetricWriter writer)
    {
        writer.Family("edgeguard_decisions_total", "counter", "Decisions by policy, rule, verdict, reason, route template and shadow.");
        var sums = new Dictionary<(string Policy, string Rule, string Verdict, string Reason, string Route, bool Shadow), long>();
        foreach (var count in _recorder.Totals())
        {
            var key = (count.Policy, count.Rule, count.Verdict, count.Reason, count.Route, count.Shadow);
            sums[key] = sums.GetValueOrDefault(key) + count.Count;
        }

        foreach (var (key, count) in sums)
        {
            writer.Sample(
                count,
                ("policy", key.Policy),
                ("rule", key.Rule),
                ("verdict", key.Verdict),
                ("reason", key.Reason),
                ("route", key.Route),
                ("shadow", key.Shadow ? "true" : "false"));
        }
    }

    private void WriteKillSwitches(MetricWriter writer)
    {
        writer.Family("edgeguard_kill_switches", "gauge", "Kill switches held, by where they come from.");
        var switches = _holder.Current.KillSwitches;
        foreach (var origin in (ReadOnlySpan<string>)["bundle", "pushed", "local"])
        {
            writer.Sample(switches.Count(entry => entry.Origin == origin), ("origin", origin));
        }
    }

    // Descriptor names are made into text only here, off the path of an ordinary request.
    private void CountMissing(PolicySnapshot snapshot, ReadOnlySpan<int> slots)
    {
        foreach (var slot in slots)
        {
            _missing.Add(snapshot.Facts.Slots[slot].ToString());
        }
    }
}
