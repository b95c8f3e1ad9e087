using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>What an LLM rule reserves for a request, and what actual usage counts.</summary>
internal sealed class CompiledLlm(TokenBucketLlmDefinition definition)
{
    /// <summary>Tokens of the hint beyond which it is taken for nonsense.</summary>
    private const long MaxTokens = 1_000_000_000_000;

    private readonly double _maxPrompt = definition.MaxPromptTokens ?? double.MaxValue;
    private readonly double _maxCompletion = definition.MaxCompletionTokens ?? double.MaxValue;
    private readonly double _maxRequest = definition.MaxTokensPerRequest ?? double.MaxValue;

    /// <summary>Slot of the trusted estimate, or -1.</summary>
    public required int HintSlot { get; init; }

    public int MaxBodyBytes => definition.MaxBodyBytes;

    public TokenEstimator Estimator => definition.Estimator;

    /// <summary>Tokens to reserve, at least one, those of the prompt among them, and why the request is refused whatever is left.</summary>
    public Reason Reserve(FactSet facts, out long prompt, out long tokens)
    {
        prompt = 0;
        tokens = 0;
        var body = facts.Body;
        if (body.IsTooLarge || body.Length > definition.MaxBodyBytes)
        {
            return Reason.TooLarge;
        }

        prompt = Hint(facts)
            ?? (definition.Estimator == TokenEstimator.Calibrated ? body.CalibratedPromptTokens : body.PromptTokens);
        if (prompt > _maxPrompt)
        {
            return Reason.PromptTokensExceeded;
        }

        var asked = body.MaxCompletionTokens >= 0 ? body.MaxCompletionTokens : (long)Math.Ceiling(definition.DefaultMaxCompletion);
        prompt = Math.Min(prompt, MaxTokens);
        tokens = Math.Max(1, prompt + (long)Math.Min(Math.Min(asked, MaxTokens), Math.Ceiling(_maxCompletion)));
        return tokens > _maxRequest ? Reason.MaxTokensPerRequestExceeded : Reason.None;
    }

    /// <summary>What actual usage counts, in whole tokens rounded up.</summary>
    public long Weigh(in Usage usage)
    {
        var cached = Math.Clamp(usage.CachedPrompt, 0, Math.Max(0, usage.Prompt));
        var reasoning = Math.Clamp(usage.Reasoning, 0, Math.Max(0, usage.Completion));
        var tokens = Math.Max(0, usage.Prompt) - cached + (cached * definition.CachedTokenWeight)
            + Math.Max(0, usage.Completion) - reasoning + (reasoning * definition.ReasoningTokenWeight);
        return (long)Math.Min(MaxTokens, Math.Ceiling(tokens));
    }

    /// <summary>
    /// Estimated tokens of as much of a completion as was streamed: by the estimator of the prompt, four bytes a token, or by the factors for models that
    /// are not known.
    /// </summary>
    public long Estimate(in StreamedText text)
    {
        const int BytesPerToken = 4;
        return definition.Estimator == TokenEstimator.Calibrated
            ? TokenFactors.Default.Tokens(text.Ascii, text.Other, 0)
            : (text.Ascii + text.Other + BytesPerToken - 1) / BytesPerToken;
    }

    private long? Hint(FactSet facts)
    {
        if (HintSlot < 0 || facts.StateOf(HintSlot) != FactState.Present)
        {
            return null;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(facts.ValueOf(HintSlot), out long hint, out var read)
            && read == facts.ValueOf(HintSlot).Length && hint is >= 0 and <= MaxTokens
            ? hint
            : null;
    }
}
