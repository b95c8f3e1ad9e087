using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>
/// One of two policies of a truth table, in the state in which it gives its outcome: a limit (<see cref="PairActor"/>) or a guard. It is for its own
/// host and for <c>both.test</c>.
/// </summary>
internal sealed record TruthSide(PairActor? Limit, GuardOutcome Guard)
{
    private const int Small = 2;
    private const int Large = 100;

    public static IReadOnlyList<TruthSide> Guards { get; } = [.. Enum.GetValues<GuardOutcome>().Select(outcome => new TruthSide(null, outcome))];

    public static IReadOnlyList<TruthSide> Limits { get; } = [.. PairActor.All.Select(limit => new TruthSide(limit, default))];

    public string Name => Limit is { } limit ? $"{limit.Kind} {limit.Outcome}" : Guard.ToString();

    /// <summary>What the guard says on its own: the anchor of what the table takes from a run of it alone.</summary>
    public (Reason Refusal, Reason Shadow) Expected => Guard switch
    {
        GuardOutcome.LoopRefuses => (Reason.LoopDetected, Reason.None),
        GuardOutcome.LoopShadowRefuses => (Reason.None, Reason.LoopDetected),
        GuardOutcome.BreakerTrips or GuardOutcome.BreakerIsOpen => (Reason.CircuitBreakerOpen, Reason.None),
        GuardOutcome.BreakerShadowIsOpen => (Reason.None, Reason.CircuitBreakerOpen),
        GuardOutcome.AdaptiveSheds => (Reason.OverloadShed, Reason.None),
        GuardOutcome.KillSwitch => (Reason.KillSwitch, Reason.None),
        GuardOutcome.ShareInRefuses or GuardOutcome.TrialWouldAdmit => (Reason.TokenBucketExceeded, Reason.None),
        GuardOutcome.ShareOutRefuses or GuardOutcome.TrialRefuses => (Reason.None, Reason.TokenBucketExceeded),
        _ => (Reason.None, Reason.None),
    };

    public PolicyDefinition Policy(string id)
    {
        if (Limit is { } limit)
        {
            // So that no two throttles of a pair delay alike.
            return limit.Policy(id, PairActor.DelayMilliseconds + id[0]);
        }

        var rule = Bundle.Rule("rule", 0.001, IsUsedUp || Guard == GuardOutcome.TrialRefuses ? Small : Large, PairActor.KeyOf(id));
        var policy = new PolicyDefinition { Id = id, Selector = new SelectorDefinition { Hosts = [id + ".test", "both.test"] }, Rules = [rule] };
        return Guard switch
        {
            GuardOutcome.LoopPasses or GuardOutcome.LoopRefuses => policy with { LoopDetection = Loop(LoopAction.Reject) },
            GuardOutcome.LoopWarns => policy with { LoopDetection = Loop(LoopAction.Warn) },
            GuardOutcome.LoopThrottles => policy with { LoopDetection = Loop(LoopAction.Throttle) },
            GuardOutcome.LoopShadowRefuses => (policy with { LoopDetection = Loop(LoopAction.Reject) }).AsShadow(),
            GuardOutcome.BreakerShadowIsOpen => (policy with { CircuitBreaker = Breaker }).AsShadow(),
            GuardOutcome.BreakerPasses or GuardOutcome.BreakerTrips or GuardOutcome.BreakerIsOpen or GuardOutcome.BreakerProbes =>
                policy with { CircuitBreaker = Breaker },
            GuardOutcome.AdaptivePasses or GuardOutcome.AdaptiveSheds => policy with
            {
                AdaptiveConcurrency = new AdaptiveConcurrencyDefinition { MinLimit = 4, InitialLimit = 4, MaxLimit = 4 },
            },
            GuardOutcome.ShareInAllows or GuardOutcome.ShareInRefuses => policy with { Rules = [Shared(rule, id, 100)] },
            GuardOutcome.ShareOutAllows or GuardOutcome.ShareOutRefuses => policy with { Rules = [Shared(rule, id, 0)] },
            GuardOutcome.TrialAgrees or GuardOutcome.TrialWouldAdmit => policy with { Rules = [rule with { Shadow = Bucket(Large) }] },
            GuardOutcome.TrialRefuses => policy with
            {
                Rules = [rule with { Algorithm = Bucket(Large), Shadow = Bucket(Small) }],
            },
            _ => policy,
        };
    }

    /// <summary>What the request of the pair says to this one.</summary>
    public IEnumerable<(DescriptorKey Key, string? Value)> Facts(string id) => Limit?.Facts(id) ?? [(PairActor.KeyOf(id), "v")];

    /// <summary>Brings it into its state, through its own host.</summary>
    public void Prepare(Harness harness, string id)
    {
        for (var i = 0; i < Requests; i++)
        {
            Ask(harness, id);
        }
    }

    /// <summary>Seconds that are to pass after the preparation of one that <see cref="WaitsFirst"/>.</summary>
    public static double FirstWait => Breaker.AutoReset.TotalSeconds + 1;

    /// <summary>Whether its state is there only some time after its preparation.</summary>
    public bool WaitsFirst => Limit is null && Guard == GuardOutcome.BreakerProbes;

    /// <summary>The kill switch that comes before the request of the pair, or none.</summary>
    public KillSwitchDefinition? Kill(string id) => (Limit, Guard) switch
    {
        (null, GuardOutcome.KillSwitch) => Bundle.Kill("kill-" + id, PairActor.KeyOf(id), "v"),
        (null, GuardOutcome.KillSwitchOfAnother) => Bundle.Kill("kill-" + id, PairActor.KeyOf(id), "w"),
        _ => null,
    };

    /// <summary>A request to this one alone, as a text of all that is told.</summary>
    public string Ask(Harness harness, string id)
    {
        var decision = harness.Decide($"GET {id}.test/", Limit?.OwnFacts(id) ?? [(PairActor.KeyOf(id), "v")]);
        return $"{decision.Verdict} {decision.Reason} {decision.ShadowReason} {decision.DelayMilliseconds} {decision.Disagreements}";
    }

    private bool IsUsedUp => Guard is GuardOutcome.ShareInRefuses or GuardOutcome.ShareOutRefuses or GuardOutcome.TrialWouldAdmit;

    private int Requests => Limit is { } limit
        ? limit.Outcome is PairOutcome.Refuses or PairOutcome.ShadowRefuses ? PairActor.Quota : 0
        : Guard switch
        {
            GuardOutcome.LoopRefuses or GuardOutcome.LoopWarns or GuardOutcome.LoopThrottles or GuardOutcome.LoopShadowRefuses => 3,
            GuardOutcome.BreakerTrips => 3,
            GuardOutcome.BreakerIsOpen or GuardOutcome.BreakerProbes or GuardOutcome.BreakerShadowIsOpen => 5,
            GuardOutcome.AdaptiveSheds => 4,
            GuardOutcome.TrialRefuses => Small,
            _ => IsUsedUp ? Small : 0,
        };

    private static CircuitBreakerDefinition Breaker => new() { ThresholdPerMinute = 4, HalfOpenRequests = 2 };

    private static LoopDetectionDefinition Loop(LoopAction action) => new() { Threshold = 4, Action = action };

    private static TokenBucketDefinition Bucket(int burst) => new() { TokensPerSecond = 0.001, Burst = burst };

    private static RuleDefinition Shared(RuleDefinition rule, string id, double percent) =>
        rule with { Enforcement = new EnforcementDefinition(percent, PairActor.KeyOf(id)) };
}
