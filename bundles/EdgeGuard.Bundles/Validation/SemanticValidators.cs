using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>The families of checks that look at more than one value.</summary>
internal static class SemanticValidators
{
    /// <summary>Runs every family over a document.</summary>
    public static void Check(DocumentView document, ValidationContext context, Findings findings)
    {
        UniquenessValidator.Check(document, findings);
        var descriptors = new DescriptorUseValidator(document, context, findings);
        var callers = new RouteIdentityValidator(document, context, findings);
        var models = new ModelRouteValidator(document, findings);
        foreach (var policy in document.Policies)
        {
            SelectorValidator.Check(policy, context, findings);
            ProtectionValidator.Check(policy, findings);
            descriptors.Check(policy);
            callers.Check(policy);
            models.Check(policy);
            foreach (var rule in policy.AllRules)
            {
                descriptors.Check(rule);
                LimiterValidator.Check(rule.Node, rule.Path, document.IsNative, findings);
                HierarchyValidator.CheckRule(rule, findings);
                TierValidator.Check(rule, document.IsNative, findings);
                ShadowLimitValidator.Check(rule, document.IsNative, findings);
            }
        }

        FleetScopeValidator.Check(document, findings);
        KillSwitchValidator.Check(document.Root, findings);
        OverrideValidator.Check(document.Root, findings);
        IssuerValidator.Check(document.Root, context, findings);
        BindingValidator.Check(document.Root, findings);
        ApiKeyValidator.Check(document.Root, findings);
        AgentValidator.Check(document.Root, context, findings);
        WebhookValidator.Check(document, findings);
        DoorValidator.Check(document, findings);
        new PolicyTestValidator(document, findings).Check();
    }

    /// <summary>Runs what applies to a set of kill switches on its own.</summary>
    public static void CheckKillSwitchSet(Node root, Findings findings) => KillSwitchValidator.Check(root, findings);

    /// <summary>Runs what applies to a set of API keys on its own.</summary>
    public static void CheckApiKeySet(Node root, Findings findings)
    {
        UniquenessValidator.CheckIds(root.ItemsAt("api_keys"), "api_keys", findings);
        ApiKeyValidator.Check(root, findings);
    }
}
