using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Usage;

/// <summary>Counts tokens by policy and rule, and how often a provider told what a request used.</summary>
internal sealed class UsageMetrics(SettlementNotes notes) : IMetricSource
{
    private readonly LabelledCounters _tokens = new("policy", "rule", "kind");
    private readonly CounterSet _outcomes = new("outcome");

    /// <summary>Counts how the usage of one request became known, and gives a sink for what it reserved.</summary>
    /// <param name="outcome">One of a closed list.</param>
    /// <param name="decided">The request.</param>
    /// <param name="isKnown">Whether the actual number is known, and not only what was reserved.</param>
    public ITokenSink Count(string outcome, in DecidedRequest decided, bool isKnown)
    {
        _outcomes.Add(outcome);
        return new TokenSink(this, decided.Snapshot, decided.Trace.Id, outcome, isKnown);
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        _tokens.Write(writer, "edgeguard_llm_tokens_total", "Tokens of LLM rules, by what became of them.");
        _outcomes.Write(writer, "edgeguard_llm_usage_total", "Requests of LLM rules that have ended, by how their usage became known.");
    }

    private void Note(DecisionId id, in SettledUsage usage) => notes.Add(id, usage);

    private void Add(PolicySnapshot snapshot, int rule, string kind, long tokens)
    {
        if (tokens > 0)
        {
            _tokens.Add(snapshot.PolicyId(snapshot.RulePolicy(rule)), snapshot.RuleName(rule), kind, tokens);
        }
    }

    private sealed class TokenSink(UsageMetrics owner, PolicySnapshot snapshot, DecisionId id, string outcome, bool isKnown) : ITokenSink
    {
        public void Settled(int rule, long reserved, long actual)
        {
            owner.Note(id, new SettledUsage(rule, reserved, actual, outcome));
            owner.Add(snapshot, rule, "reserved", reserved);
            owner.Add(snapshot, rule, isKnown ? "settled" : "kept", actual);
            owner.Add(snapshot, rule, "refunded", reserved - actual);
            owner.Add(snapshot, rule, "overused", actual - reserved);
        }
    }
}
