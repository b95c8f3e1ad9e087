using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A unit test inside a bundle: steps in virtual time, each with the decision it must give.</summary>
public sealed record PolicyTest
{
    public required string Name { get; init; }

    /// <summary>Virtual time of the first step.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ImmutableArray<PolicyTestStep> Steps { get; init; } = [];
}
