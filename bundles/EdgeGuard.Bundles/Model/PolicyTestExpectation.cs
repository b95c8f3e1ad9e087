using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>What a step must give. Null fields are not checked.</summary>
public sealed record PolicyTestExpectation
{
    /// <summary><c>allow</c>, <c>warn</c>, <c>throttle</c> or <c>reject</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Reason word of a rejection, or of a shadow rejection.</summary>
    public string? Reason { get; init; }

    public string? Policy { get; init; }

    public string? Rule { get; init; }

    /// <summary>Remaining units told after the (last repeated) request.</summary>
    public long? Remaining { get; init; }

    /// <summary>Seconds told in Retry-After, before jitter.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Whether a shadow policy would have rejected.</summary>
    public bool? ShadowReject { get; init; }

    /// <summary>Status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>Header fields that the edge adds to the answer; an empty value: it does not add that one.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Delay of a throttle, in milliseconds.</summary>
    public int? DelayMilliseconds { get; init; }
}
