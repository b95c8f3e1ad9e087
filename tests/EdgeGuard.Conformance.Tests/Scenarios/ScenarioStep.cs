using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>One step: time passes, and then a bundle is loaded or a request is made.</summary>
internal sealed record ScenarioStep
{
    public TimeSpan After { get; init; }

    public int Times { get; init; } = 1;

    /// <summary>Text of the bundle to load, or null.</summary>
    public byte[]? Load { get; init; }

    /// <summary>How the bundle is signed in the peer's form: <c>hmac-sha256</c>, <c>hmac-sha1</c>, <c>other-key</c>; null for not at all.</summary>
    public string? Signature { get; init; }

    /// <summary>Codes of the errors that a bundle must be refused with; empty when it must be accepted.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public ScenarioRequest? Request { get; init; }

    /// <summary>The part of the expectation that bundle tests have as well.</summary>
    public PolicyTestExpectation? Expect { get; init; }

    public int? Status { get; init; }

    /// <summary>Whether nothing is decided: only a status is expected.</summary>
    public bool IsAnsweredByTheServer => Expect is null && Status is not null;

    public int? Missing { get; init; }

    public int? Disagreements { get; init; }

    /// <summary>Headers that the answer must have.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Headers that it must not have.</summary>
    public IReadOnlyList<string> AbsentHeaders { get; init; } = [];
}
