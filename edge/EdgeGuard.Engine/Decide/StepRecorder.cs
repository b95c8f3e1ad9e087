using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <summary>Notes the steps of a real decision in the request's scratch; allocates nothing once that has grown.</summary>
internal readonly struct StepRecorder(CompiledPolicy policy, FactSet facts) : ITraceSink
{
    public void KillSwitch(int killSwitch)
    {
        // The decision itself names it.
    }

    public void Rule(int rule, bool shadow, TraceOutcome outcome) => facts.AddStep(new DecisionStep
    {
        Policy = policy.Rules[rule].Policy,
        Rule = rule,
        Limit = Decision.None,
        Shadow = shadow,
        Outcome = outcome switch
        {
            TraceOutcome.NotMatched => StepOutcome.NotMatched,
            TraceOutcome.MissingSkipped => StepOutcome.MissingSkipped,
            TraceOutcome.MissingDenied => StepOutcome.MissingDenied,
            _ => StepOutcome.Unverifiable,
        },
    });

    public void Limit(int rule, bool shadow, bool allowed, ulong deficit, ulong cost)
    {
        var scale = policy.Rules[rule].Scale;
        var left = scale.Burst - Math.Min(deficit, scale.Burst);
        facts.AddStep(new DecisionStep
        {
            Policy = policy.Rules[rule].Policy,
            Rule = rule,
            Limit = Decision.None,
            Shadow = shadow,
            Outcome = allowed ? StepOutcome.Allowed : StepOutcome.Denied,
            LimitUnits = Thousandths(scale.Burst, scale.UnitsPerToken),
            Before = Thousandths(left, scale.UnitsPerToken),
            After = Thousandths(allowed ? left - cost : left, scale.UnitsPerToken),
            WaitSeconds = allowed ? 0 : scale.Seconds(deficit + cost - scale.Burst),
        });
    }

    private static long Thousandths(ulong units, ulong perToken) =>
        (long)((units / perToken * 1000) + (ulong)((UInt128)(units % perToken) * 1000 / perToken));
}
