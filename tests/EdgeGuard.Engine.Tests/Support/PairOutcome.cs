namespace EdgeGuard.Engine.Tests.Support;

/// <summary>What one limit says of a request, on its own.</summary>
internal enum PairOutcome
{
    Allows,
    Refuses,
    Warns,
    Throttles,
    MissingSkipped,
    MissingShared,
    MissingDenied,
    Unverifiable,
    NotMatched,
    ShadowAllows,
    ShadowRefuses,
    ShadowMissing,
}
