using System.Globalization;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>A checklist over a whole document. Gives warnings and hints only, and takes whatever is wrong with it.</summary>
internal static class BundleLint
{
    public static void Check(DocumentView document, Findings findings)
    {
        var root = document.Root;
        if (document.Policies.Count == 0 && root["policies"] is { } none)
        {
            findings.Warning(LintCodes.NothingLimited, none.Location, "policies", "the bundle has no policy, so it allows everything", "add a policy");
        }

        var rules = new RuleLint(document, findings);
        var selectors = new SelectorLint(findings);
        foreach (var policy in document.Policies)
        {
            rules.Check(policy);
            selectors.Check(policy);
            ProtectionLint.Check(policy, findings);
            if (policy.Spec?.TextAt("mode") == "shadow" && root["expires_at"] is null)
            {
                findings.Hint(
                    LintCodes.ShadowWithoutEnd,
                    policy.Spec["mode"]!.Location,
                    policy.Path + ".spec.mode",
                    "the policy is in shadow mode and nothing ends that",
                    "enforce it once its numbers look right; expires_at of the bundle reminds you");
            }
        }

        CheckKillSwitches(document, findings);
        if (document.IsNative && document.Policies.Count > 0 && root["tests"] is null)
        {
            findings.Hint(
                LintCodes.NoTests,
                root.Location,
                "tests",
                "the bundle has no tests, so nothing shows what its numbers do",
                "add tests: a request and the decisions that it must get; they run before every activation");
        }
    }

    private static void CheckKillSwitches(DocumentView document, Findings findings)
    {
        var switches = document.Root.ItemsAt("kill_switches");
        for (var i = 0; i < switches.Count; i++)
        {
            if (switches[i]["expires_at"] is null)
            {
                findings.Hint(
                    LintCodes.KillSwitchWithoutEnd,
                    switches[i].Location,
                    "kill_switches[" + i.ToString(CultureInfo.InvariantCulture) + "]",
                    "the kill switch never ends by itself",
                    "write expires_at, so that it cannot be forgotten");
            }
        }
    }
}
