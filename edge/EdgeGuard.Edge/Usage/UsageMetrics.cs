using EdgeGuard.Edge.Metrics;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Usage;

/// <summary>Counts tokens by policy and rule, and how often a provider told what a request used.</summary>
internal sealed class UsageMetrics : IMetricSource
{
    private readonly LabelledCounters _tokens = new("policy", "rule", "kind");
    private readonly CounterSet _outcomes = new("outcome");

    /// <summary>Counts how the usage of one request became known.</summary>
    /// <param name="outcome">One of a closed list.</param>
    public void Count(string outcome) => _outcomes.Add(outcome);

    /// <summary>A sink for what one request reserved.</summary>
    /// <param name="snapshot">What the request was decided by.</param>
    /// <param name="isKnown">Whether the actual number is known, and not only what was reserved.</param>
    public ITokenSink Sink(PolicySnapshot snapshot, bool isKnown) => new TokenSink(this, snapshot, isKnown);

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        _tokens.Write(writer, "edgeguard_llm_tokens_total", "Tokens of LLM rules, by what became of them.");
        _outcomes.Write(writer, "edgeguard_llm_usage_total", "Requests of LLM rules that have ended, by how their usage became known.");
    }

    private void Add(PolicySnapshot snapshot, int rule, string kind, long tokens)
    {
        if (tokens > 0)
        {
            _tokens.Add(snapshot.PolicyId(snapshot.RulePolicy(rule)), snapshot.RuleName(rule), kind, tokens);
        }
    }

    private sealed class TokenSink(UsageMetrics owner, PolicySnapshot snapshot, bool isKnown) : ITokenSink
    {
        public void Settled(int rule, long reserved, long actual)
        {
            owner.Add(snapshot, rule, "reserved", reserved);
            owner.Add(snapshot, rule, isKnown ? "settled" : "kept", actual);
            owner.Add(snapshot, rule, "refunded", reserved - actual);
            owner.Add(snapshot, rule, "overused", actual - reserved);
        }
    }
}
