namespace EdgeGuard.Bundles.Validation;

/// <summary>Limiters on trial beside the live one: valid in themselves, and counted by the same keys.</summary>
internal static class ShadowLimitValidator
{
    public static void Check(RuleView rule, bool native, Findings findings)
    {
        if (rule.Node["shadow"] is not { } shadow)
        {
            return;
        }

        var path = rule.Path + ".shadow";
        LimiterValidator.Check(shadow, path, native, findings);
        if (shadow.TextAt("algorithm") == "hierarchy" || rule.Node.TextAt("algorithm") == "hierarchy")
        {
            findings.Error(
                MeaningCodes.ShadowOfHierarchy,
                (shadow["algorithm"] ?? shadow).Location,
                path + ".algorithm",
                "a limiter on trial counts by the limit_keys of its rule, and a hierarchy by the keys of its levels",
                "try a hierarchy in a policy of its own with mode: shadow");
        }
    }
}
