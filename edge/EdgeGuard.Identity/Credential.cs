using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>What is known of one credential of a caller. Immutable; shared between requests when it is cached.</summary>
public sealed record Credential
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> NoLists = FrozenDictionary<string, FrozenSet<string>>.Empty;

    /// <summary>Which kind of credential; exactly one flag.</summary>
    public required CredentialKinds Kind { get; init; }

    public required CredentialOutcome Outcome { get; init; }

    /// <summary>
    /// Values as text, by name. Of a token its claims, those of nested objects by path with dots; of others the properties that descriptors name.
    /// Of an invalid token that could at least be read: its unverified claims, for kill switches only.
    /// </summary>
    public FrozenDictionary<string, string> Values { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Values of claims that are lists of scalars, by the same names.</summary>
    public FrozenDictionary<string, FrozenSet<string>> Lists { get; init; } = NoLists;

    /// <summary>What it may do.</summary>
    public FrozenSet<string> Scopes { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Short word for metrics and logs, such as <c>expired</c> or <c>bad_signature</c>; empty when verified or none.</summary>
    public string Failure { get; init; } = string.Empty;

    /// <summary>Id in the bundle of the issuer, key or agent that it was verified by; empty when there is none.</summary>
    public string SourceId { get; init; } = string.Empty;

    /// <summary>When it was issued, or null when it does not say.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Id of the single token (<c>jti</c>), or null.</summary>
    public string? TokenId { get; init; }

    /// <summary>Whose it is, or null.</summary>
    public string? Organization { get; init; }

    /// <summary>Whom it speaks for (<c>sub</c>), or null.</summary>
    public string? Subject { get; init; }

    /// <summary>No credential of a kind.</summary>
    public static Credential None(CredentialKinds kind) => new() { Kind = kind, Outcome = CredentialOutcome.None };

    /// <summary>A credential that was presented and refused.</summary>
    public static Credential Refused(CredentialKinds kind, string failure) =>
        new() { Kind = kind, Outcome = CredentialOutcome.Invalid, Failure = failure };
}
