namespace EdgeGuard.Engine.Tests.Support;

/// <summary>What one guard, kill switch, share or trial says of a request, on its own.</summary>
internal enum GuardOutcome
{
    LoopPasses,
    LoopRefuses,
    LoopWarns,
    LoopThrottles,
    LoopShadowRefuses,
    BreakerPasses,
    BreakerTrips,
    BreakerIsOpen,
    BreakerProbes,
    BreakerShadowIsOpen,
    AdaptivePasses,
    AdaptiveSheds,
    KillSwitchOfAnother,
    KillSwitch,
    ShareInAllows,
    ShareInRefuses,
    ShareOutAllows,
    ShareOutRefuses,
    TrialAgrees,
    TrialRefuses,
    TrialWouldAdmit,
}
