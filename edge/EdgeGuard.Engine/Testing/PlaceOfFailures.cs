using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Engine.Testing;

/// <summary>Line and column of failed steps. The runner knows documents, not texts, and so tells a path only.</summary>
internal static class PlaceOfFailures
{
    private const string BeforeStep = ".steps[";

    public static ImmutableArray<PolicyTestOutcome> Find(ImmutableArray<PolicyTestOutcome> outcomes, Node root)
    {
        if (root["tests"] is not { } tests)
        {
            return outcomes;
        }

        var placed = ImmutableArray.CreateBuilder<PolicyTestOutcome>(outcomes.Length);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var failures = ImmutableArray.CreateBuilder<Diagnostic>(outcomes[i].Failures.Length);
            foreach (var failure in outcomes[i].Failures)
            {
                failures.Add(Step(tests.Items[i], failure.Path) is { } step ? failure with { Location = step.Location } : failure);
            }

            placed.Add(outcomes[i] with { Failures = failures.MoveToImmutable() });
        }

        return placed.MoveToImmutable();
    }

    private static Node? Step(Node test, string path)
    {
        var start = path.LastIndexOf(BeforeStep, StringComparison.Ordinal) + BeforeStep.Length;
        return start >= BeforeStep.Length
            && int.TryParse(path.AsSpan(start).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && test["steps"] is { } steps && index < steps.Items.Count
            ? steps.Items[index]
            : null;
    }
}
