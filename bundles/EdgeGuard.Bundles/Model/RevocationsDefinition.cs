using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A set of revocations.</summary>
public sealed record RevocationsDefinition
{
    public static RevocationsDefinition None { get; } = new();

    /// <summary>By organization, subject or key.</summary>
    public ImmutableArray<TokensValidAfter> TokensValidAfter { get; init; } = [];

    /// <summary>Single tokens by <c>jti</c>.</summary>
    public ImmutableArray<string> TokenIds { get; init; } = [];
}
