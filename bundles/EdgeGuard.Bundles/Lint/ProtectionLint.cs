using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Advice about what protects a whole policy.</summary>
internal static class ProtectionLint
{
    public static void Check(PolicyView policy, Findings findings)
    {
        if (policy.Spec?["loop_detection"] is not { Kind: NodeKind.Map } loops || loops.FlagAt("enabled") != true)
        {
            return;
        }

        var path = policy.Path + ".spec.loop_detection";
        if (loops.TextAt("similarity") == "near")
        {
            findings.Hint(
                LintCodes.DependsOnDoor,
                loops["similarity"]!.Location,
                path + ".similarity",
                "near compares bodies, which the proxy sees and a decision door mostly does not; without a body requests are compared exactly",
                "use it in the proxy, or with a gateway that sends bodies along");
            return;
        }

        foreach (var field in (string[])["similarity_percent", "max_cycle_length"])
        {
            if (loops[field] is { } node)
            {
                findings.Hint(LintCodes.FieldWithoutEffect, node.Location, $"{path}.{field}", $"{field} has no effect without similarity: near", $"remove {field}, or write similarity: near");
            }
        }
    }
}
