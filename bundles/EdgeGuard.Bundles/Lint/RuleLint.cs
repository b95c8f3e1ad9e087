using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Advice about the rules of a policy.</summary>
internal sealed class RuleLint(DocumentView document, Findings findings)
{
    // Comparing rules in pairs; policies with more are made by programs, which do not read advice.
    private const int MaxComparedRules = 64;

    // A ceiling is looked for in so many policies; it is wide, so there are few of them where people write bundles.
    private const int MaxCeilings = 64;

    private static readonly string[] Guards = ["loop_detection", "circuit_breaker", "adaptive_concurrency"];

    private static readonly string[] Demands = ["identity", "identity_options", "webhook"];

    private readonly LimiterLint _limiters = new(findings);
    private readonly List<PolicyView> _ceilings = [.. document.Policies.Where(p => p.Rules.Any(HasKeyTheClientCannotChoose)).Take(MaxCeilings)];

    // Protection of the whole policy, or something said of its callers: then it is there for that.
    private static bool HasOtherUse(Node spec) =>
        Guards.Any(guard => spec[guard]?.FlagAt("enabled") == true) || Demands.Any(demand => spec[demand] is not null);

    public void Check(PolicyView policy)
    {
        if (policy.Rules.Count == 0 && policy.Fallback is null && policy.Spec is { } spec && !HasOtherUse(spec))
        {
            findings.Warning(
                LintCodes.NothingLimited, spec.Location, policy.Path + ".spec.rules", "the policy has no rule and no fallback_limit, so it limits nothing", "add a rule");
        }

        foreach (var rule in policy.AllRules)
        {
            CheckOnMissing(rule);
            _limiters.Check(rule);
        }

        CheckClientChosenKeys(policy);
        CheckDominated(policy);
        CheckFallback(policy);
    }

    private void CheckOnMissing(RuleView rule)
    {
        if (!document.IsNative && rule.Node["on_missing"] is null && rule.Node.ItemsAt("limit_keys").Count > 0)
        {
            findings.Warning(
                PeerCodes.OnMissingAllows,
                rule.Node.Location,
                rule.Path + ".on_missing",
                "a request without the limit keys is not limited by this rule, as at the peer",
                "write on_missing: deny, or on_missing: allow if that is meant");
        }
    }

    // Whoever chooses the value of the only key starts a new counter with every request.
    private void CheckClientChosenKeys(PolicyView policy)
    {
        if (policy.Rules.Any(HasKeyTheClientCannotChoose) || _ceilings.Any(ceiling => SelectorCover.Covers(ceiling.Selector, policy.Selector)))
        {
            return;
        }

        foreach (var rule in policy.Rules)
        {
            if (rule.WidestKeys is [var first, ..] && rule.Node.EntriesAt("match").Count == 0)
            {
                findings.Warning(
                    LintCodes.OnlyClientChosenKeys,
                    first.Location,
                    rule.Path + ".limit_keys",
                    "the client chooses what it is counted by, and nothing else limits it: a new value is a new counter",
                    "add a rule by ip:address, by a jwt: claim or with limit_keys: [] as a ceiling");
            }
        }
    }

    private static bool HasKeyTheClientCannotChoose(RuleView rule)
    {
        if (rule.Node["limit_keys"] is not { Kind: NodeKind.List } || rule.Node.EntriesAt("match").Count > 0)
        {
            return false;
        }

        return rule.WidestKeys.All(key => !DescriptorCatalog.TryParse(key.Text, out var parsed) || !ClientChoice.IsFree(parsed, rule.Policy.Selector));
    }

    private void CheckDominated(PolicyView policy)
    {
        if (policy.Rules.Count is < 2 or > MaxComparedRules)
        {
            return;
        }

        foreach (var rule in policy.Rules)
        {
            foreach (var other in policy.Rules)
            {
                if (!ReferenceEquals(rule, other) && RuleComparison.IsStricter(other, rule))
                {
                    findings.Warning(
                        LintCodes.RuleNeverDecides,
                        rule.Node.Location,
                        rule.Path,
                        $"the rule never decides: {other.Path} counts the same with a smaller rate and burst",
                        "remove one of them");
                    break;
                }
            }
        }
    }

    private void CheckFallback(PolicyView policy)
    {
        if (policy.Fallback is not { } fallback)
        {
            return;
        }

        if (policy.Rules.FirstOrDefault(rule => rule.Node.EntriesAt("match").Count == 0) is { } always)
        {
            findings.Warning(
                LintCodes.FallbackNeverApplies,
                fallback.Node.Location,
                fallback.Path,
                $"the fallback limit never applies: {always.Path} has no match and so applies to every request",
                "give that rule a match, or make the fallback limit a rule of its own");
        }

        if (fallback.Node["match"] is { } match)
        {
            findings.Hint(
                LintCodes.FieldWithoutEffect, match.Location, fallback.Path + ".match", "match has no effect: a fallback limit applies when no rule does", "remove match");
        }
    }
}
