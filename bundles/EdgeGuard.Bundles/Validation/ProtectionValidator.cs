using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Loop detection, circuit breaker and adaptive concurrency: what they need, and their numbers against each other.</summary>
internal static class ProtectionValidator
{
    public static void Check(PolicyView policy, Findings findings)
    {
        if (policy.Spec is not { } spec)
        {
            return;
        }

        CheckBreaker(spec, policy.Path + ".spec.circuit_breaker", findings);
        CheckAdaptive(spec, policy.Path + ".spec.adaptive_concurrency", findings);
    }

    private static void CheckBreaker(Node spec, string path, Findings findings)
    {
        const string Field = "spend_rate_threshold_per_minute";
        if (spec["circuit_breaker"] is { } breaker && breaker.FlagAt("enabled") == true && breaker[Field] is null)
        {
            findings.Error(
                MeaningCodes.BreakerIncomplete,
                breaker.Location,
                $"{path}.{Field}",
                $"the circuit breaker is enabled and has no {Field}, so it would never open",
                $"write {Field}: the cost a minute at which it opens");
        }
    }

    private static void CheckAdaptive(Node spec, string path, Findings findings)
    {
        if (spec["adaptive_concurrency"] is not { Kind: NodeKind.Map } node)
        {
            return;
        }

        var (min, max, initial) = ProtectionBinder.AdaptiveLimits(node);
        if (min > max)
        {
            findings.Error(
                MeaningCodes.AdaptiveLimitsContradict,
                (node["max_limit"] ?? node).Location,
                path + ".max_limit",
                $"max_limit {max} is below min_limit {min}",
                $"raise max_limit to at least {min}, or lower min_limit");
        }
        else if (initial < min || initial > max)
        {
            findings.Error(
                MeaningCodes.AdaptiveLimitsContradict,
                (node["initial_limit"] ?? node).Location,
                path + ".initial_limit",
                $"initial_limit {initial} is not between min_limit {min} and max_limit {max}",
                $"write a number from {min} to {max}");
        }

        if (node["priority"] is { } priority)
        {
            CheckClasses(priority, path + ".priority", findings);
        }
    }

    private static void CheckClasses(Node priority, string path, Findings findings)
    {
        var classes = priority.ItemsAt("classes").Select(item => item.Text).ToHashSet(StringComparer.Ordinal);
        if (classes.Count > 0 && priority.TextAt("default") is { } byDefault && !classes.Contains(byDefault))
        {
            findings.Error(
                MeaningCodes.UnknownClass,
                priority["default"]!.Location,
                path + ".default",
                $"{Quote.Text(byDefault)} is not one of classes",
                NearestName.Of(byDefault, classes) is { } nearest ? $"did you mean {nearest}?" : "add it to classes, or name one that is there");
        }
    }
}
