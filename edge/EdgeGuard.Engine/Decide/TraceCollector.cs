using System.Collections.Immutable;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Decide;

/// <summary>Collects the steps of one evaluation as people read them.</summary>
internal readonly struct TraceCollector(PolicySnapshot snapshot, ImmutableArray<TraceStep>.Builder steps) : ITraceSink
{
    public void KillSwitch(int killSwitch)
    {
        var definition = snapshot.KillSwitchAt(killSwitch);
        var where = definition.Route is null ? "on every path" : "on " + definition.Route;
        steps.Add(new TraceStep(
            string.Empty, definition.Id, "denied", Shadow: false, 0, 0, 0, $"a kill switch for {definition.ScopeKey} {where} is in force"));
    }

    public void Rule(int rule, bool shadow, TraceOutcome outcome)
    {
        var (word, why) = outcome switch
        {
            TraceOutcome.NotMatched => ("not_matched", "a match condition does not hold"),
            TraceOutcome.MissingSkipped => ("missing_descriptor", "a limit key has no value and on_missing is allow, so the rule is skipped"),
            TraceOutcome.MissingDenied => ("missing_descriptor", "a limit key has no value and on_missing is deny"),
            _ => ("unverifiable", "a descriptor that the rule reads is present but could not be verified"),
        };
        Add(rule, shadow, word, 0, 0, 0, why);
    }

    public void Limit(int rule, bool shadow, bool allowed, ulong deficit, ulong cost)
    {
        var scale = RuleOf(rule).Scale;
        var before = scale.Tokens(scale.Burst - Math.Min(deficit, scale.Burst));
        if (allowed)
        {
            var after = scale.Tokens(scale.Burst - deficit - cost);
            Add(rule, shadow, "allowed", scale.Tokens(scale.Burst), before, after, "the limit holds the cost");
            return;
        }

        var seconds = scale.Seconds(deficit + cost - scale.Burst);
        Add(rule, shadow, "denied", scale.Tokens(scale.Burst), before, before, $"the limit does not hold the cost for another {seconds} s");
    }

    private CompiledRule RuleOf(int rule) => snapshot.Policy!.Rules[rule];

    private void Add(int rule, bool shadow, string outcome, long limit, long before, long after, string why)
    {
        var compiled = RuleOf(rule);
        steps.Add(new TraceStep(snapshot.PolicyId(compiled.Policy), compiled.Name, outcome, shadow, limit, before, after, why));
    }
}
