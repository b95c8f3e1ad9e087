using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Which requests a policy applies to. Everything given must match; what is absent matches all.</summary>
public sealed record SelectorDefinition
{
    /// <summary>Exact host names, lower case, without port; empty for any host.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>The one path, or null.</summary>
    public string? PathExact { get; init; }

    /// <summary>
    /// Paths below a prefix, or null. With a trailing slash (<c>/v1/</c>): everything below and not <c>/v1</c>. Without:
    /// <c>/v1</c> itself and everything below on a segment boundary.
    /// </summary>
    public string? PathPrefix { get; init; }

    /// <summary>Methods, upper case; empty for any.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];
}
