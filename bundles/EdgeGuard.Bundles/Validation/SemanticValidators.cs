using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>The families of checks that look at more than one value.</summary>
internal static class SemanticValidators
{
    /// <summary>Runs every family over a document.</summary>
    public static void Check(DocumentView document, ValidationContext context, Findings findings)
    {
        KillSwitchValidator.Check(document.Root, findings);
    }

    /// <summary>Runs what applies to a set of kill switches on its own.</summary>
    public static void CheckKillSwitchSet(Node root, Findings findings) => KillSwitchValidator.Check(root, findings);
}
