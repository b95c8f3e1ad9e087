using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Everything of a decision that its series depends on, as indices into its snapshot.</summary>
internal readonly record struct DecisionShape(
    int MatchedPolicy, int Policy, int Rule, int KillSwitch, Verdict Verdict, Reason Reason, bool Shadow)
{
    /// <summary>What was decided.</summary>
    public static DecisionShape Enforced(in Decision decision) => new(
        decision.MatchedPolicy, decision.Policy, decision.Rule, decision.KillSwitch, decision.Verdict, decision.Reason, Shadow: false);

    /// <summary>What a shadow policy would have decided.</summary>
    public static DecisionShape Shadowed(in Decision decision) => new(
        decision.MatchedPolicy, decision.ShadowPolicy, decision.ShadowRule, Decision.None, Verdict.Reject, decision.ShadowReason, Shadow: true);

    /// <summary>Spreads over a table; indices are small numbers, so each gets its own odd multiplier (from the golden ratio and its kin).</summary>
    public uint Spread()
    {
        var mixed = ((uint)MatchedPolicy * 0x9E3779B1u) ^ ((uint)Policy * 0x85EBCA77u) ^ ((uint)Rule * 0xC2B2AE3Du)
            ^ ((uint)KillSwitch * 0x27D4EB2Fu) ^ (((uint)Reason | ((uint)Verdict << 8) | (Shadow ? 1u << 10 : 0)) * 0x165667B1u);
        return mixed ^ (mixed >> 15);
    }
}
