namespace EdgeGuard.Engine.Decide;

/// <summary>Why a request was refused: the closed list of the product. Names on the wire are in <see cref="Reasons"/>. Never renumber.</summary>
public enum Reason : byte
{
    None = 0,
    NoBundleLoaded = 1,
    MalformedRequest = 2,
    IdentityRequired = 3,
    IdentityInvalid = 4,
    ScopeDenied = 5,
    DescriptorMissing = 6,
    KillSwitch = 7,
    TokenBucketExceeded = 8,
    SlidingWindowExceeded = 9,
    ConcurrencyExceeded = 10,
    BudgetExceeded = 11,
    QuotaExceeded = 12,
    TpmExceeded = 13,
    TpdExceeded = 14,
    PromptTokensExceeded = 15,
    MaxTokensPerRequestExceeded = 16,
    ModelDenied = 17,
    LoopDetected = 18,
    CircuitBreakerOpen = 19,
    OverloadShed = 20,
    CountersFull = 21,
    Replayed = 22,
    TooLarge = 23,
    UpstreamUnavailable = 24,
}
