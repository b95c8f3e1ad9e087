using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>Compares what happened in a scenario with what it expects.</summary>
internal static class ScenarioCheck
{
    /// <summary>What differs after a bundle was loaded, or null.</summary>
    public static string? Loaded(ScenarioStep step, ImmutableArray<Diagnostic> diagnostics)
    {
        string[] codes =
        [
            .. diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Code).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return codes.SequenceEqual(step.Refused.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            ? null
            : $"expected [{string.Join(", ", step.Refused)}], got [{string.Join(", ", codes)}]: "
                + string.Join("; ", diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Message));
    }

    /// <summary>What differs in a decision, or null.</summary>
    public static string? Decided(ScenarioStep step, in Decision decision, PolicySnapshot snapshot, bool last)
    {
        var difference = step.Expect is { } expect ? PolicyTestComparison.Difference(expect, in decision, snapshot, last) : null;
        return difference
            ?? Number("status", step.Status, decision.Status)
            ?? Number("missing", step.Missing, decision.MissingDescriptors)
            ?? Number("disagreements", step.Disagreements, decision.Disagreements);
    }

    /// <summary>What differs in the headers of an answer, or null.</summary>
    public static string? Answered(ScenarioStep step, HttpResponseMessage answer)
    {
        foreach (var (name, value) in step.Headers)
        {
            if (AnswerCheck.Header(answer, name) is var header && header != value)
            {
                return $"expected {name}: {value}, got {header ?? "none"}";
            }
        }

        foreach (var name in step.AbsentHeaders)
        {
            if (AnswerCheck.Header(answer, name) is { } header)
            {
                return $"expected no {name}, got {header}";
            }
        }

        return null;
    }

    private static string? Number(string name, int? expected, int actual) =>
        expected is null || expected == actual ? null : $"expected {name} {expected}, got {actual}";
}
