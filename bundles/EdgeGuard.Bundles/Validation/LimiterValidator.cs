using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>The numbers of a limiter against each other, by algorithm.</summary>
internal static class LimiterValidator
{
    /// <summary>Checks the limiter that a rule, a level or a limiter on trial names.</summary>
    public static void Check(Node owner, string path, bool native, Findings findings)
    {
        if (owner["algorithm_config"] is { Kind: NodeKind.Map } config)
        {
            Check(owner.TextAt("algorithm"), config, path + ".algorithm_config", native, findings);
        }
    }

    /// <summary>Checks numbers, wherever they were put together.</summary>
    public static void Check(string? algorithm, Node config, string path, bool native, Findings findings)
    {
        switch (algorithm)
        {
            case "token_bucket":
                TokenBucketValidator.Check(config, path, native, findings);
                CostValidator.Check(config, "cost_source", path, native, findings);
                break;
            case "cost_based":
                CostValidator.Check(config, "cost_key", path, native, findings);
                BudgetValidator.Check(config, path, native, findings);
                StagedActionValidator.Check(config, path, findings);
                break;
            case "sliding_window":
                CostValidator.Check(config, "cost_source", path, native, findings);
                SlidingWindowValidator.Check(config, path, native, findings);
                break;
            case "token_bucket_llm":
                LlmValidator.Check(config, path, native, findings);
                break;
            case "hierarchy":
                HierarchyValidator.Check(config, path, native, findings);
                break;
            default:
                break;
        }
    }
}
