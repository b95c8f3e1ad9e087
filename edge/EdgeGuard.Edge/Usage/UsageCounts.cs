namespace EdgeGuard.Edge.Usage;

/// <summary>Tokens as a provider names them, over all places of one answer; the last value of a name counts, because streams repeat running totals.</summary>
internal sealed class UsageCounts
{
    /// <summary>More tokens than any answer has; a number beyond is nonsense.</summary>
    private const long MaxTokens = 1_000_000_000_000;

    private readonly long[] _values = new long[(int)UsageField.Count];

    public UsageCounts() => Array.Fill(_values, -1);

    /// <summary>Whether a place that tells of the whole answer has been read.</summary>
    public bool IsTold { get; set; }

    /// <summary>Whether such a place has told of the completion, too.</summary>
    public bool IsCompletionTold { get; set; }

    /// <summary>Takes one number in; false when it cannot be one of tokens.</summary>
    public bool Set(UsageField field, long value)
    {
        var isSane = value is >= 0 and <= MaxTokens;
        if (isSane)
        {
            _values[(int)field] = value;
        }

        return isSane;
    }

    /// <summary>Whether a number of this name was read.</summary>
    public bool Has(UsageField field) => _values[(int)field] >= 0;

    /// <summary>What the engine settles with.</summary>
    public Engine.Decide.Usage ToUsage()
    {
        // What one provider counts within the prompt another counts beside it: cache_* and tool use stand beside, "details" within.
        var prompt = Of(UsageField.Prompt) + Of(UsageField.CacheRead) + Of(UsageField.CacheCreation) + Of(UsageField.ToolUsePrompt);
        var completion = Of(UsageField.Completion) + Of(UsageField.Thoughts);
        return new Engine.Decide.Usage(
            prompt,
            completion,
            Of(UsageField.CachedWithin) + Of(UsageField.CacheRead),
            Of(UsageField.ReasoningWithin) + Of(UsageField.Thoughts));
    }

    private long Of(UsageField field) => Math.Max(0, _values[(int)field]);
}
