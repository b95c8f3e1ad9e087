using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Engine.Compile;

/// <summary>
/// What an LLM rule reserves for a request, and what actual usage counts: an amount of tokens, or of money in millionths of the provider's currency.
/// </summary>
internal sealed class CompiledLlm(TokenBucketLlmDefinition definition, CompiledPrices? prices = null)
{
    /// <summary>Amount beyond which a number is taken for nonsense.</summary>
    public const long MaxAmount = 1_000_000_000_000;

    private const int BytesPerToken = 4;

    private readonly double _maxPrompt = definition.MaxPromptTokens ?? double.MaxValue;
    private readonly double _maxCompletion = definition.MaxCompletionTokens ?? double.MaxValue;
    private readonly double _maxRequest = definition.MaxTokensPerRequest ?? double.MaxValue;

    /// <summary>Slot of the trusted estimate, or -1.</summary>
    public required int HintSlot { get; init; }

    public int MaxBodyBytes => definition.MaxBodyBytes;

    public TokenEstimator Estimator => definition.Estimator;

    /// <summary>Whether amounts are money, and not tokens.</summary>
    public bool CountsMoney => prices is not null;

    /// <summary>Streamed tokens between two looks at the budget.</summary>
    public int BufferTokens => definition.BufferTokens;

    /// <summary>Amount to reserve, at least one, that of the prompt in it, and why the request is refused whatever is left.</summary>
    public Reason Reserve(FactSet facts, out long prompt, out long amount)
    {
        prompt = 0;
        amount = 0;
        var body = facts.Body;
        if (body.IsTooLarge || body.Length > definition.MaxBodyBytes)
        {
            return Reason.TooLarge;
        }

        prompt = Hint(facts)
            ?? (definition.Estimator != TokenEstimator.Calibrated ? body.PromptTokens : body.ExactPromptTokens >= 0 ? body.ExactPromptTokens : body.CalibratedPromptTokens);
        if (prompt > _maxPrompt)
        {
            return Reason.PromptTokensExceeded;
        }

        var asked = body.MaxCompletionTokens >= 0 ? body.MaxCompletionTokens : (long)Math.Ceiling(definition.DefaultMaxCompletion);
        prompt = Math.Min(prompt, MaxAmount);
        var completion = (long)Math.Min(Math.Min(asked, MaxAmount), Math.Ceiling(_maxCompletion));
        if (prices is not null)
        {
            return Price(body.Model.Value, completion, ref prompt, out amount);
        }

        amount = Math.Max(1, prompt + completion);
        return amount > _maxRequest ? Reason.MaxTokensPerRequestExceeded : Reason.None;
    }

    /// <summary>What actual usage counts, in whole units rounded up; -1 when it has no price.</summary>
    public long Weigh(in Usage usage, ReadOnlySpan<byte> model)
    {
        if (prices is not null)
        {
            return prices.Of(model, in usage);
        }

        var cached = Math.Clamp(usage.CachedPrompt, 0, Math.Max(0, usage.Prompt));
        var reasoning = Math.Clamp(usage.Reasoning, 0, Math.Max(0, usage.Completion));
        var tokens = Math.Max(0, usage.Prompt) - cached + (cached * definition.CachedTokenWeight)
            + Math.Max(0, usage.Completion) - reasoning + (reasoning * definition.ReasoningTokenWeight);
        return (long)Math.Min(MaxAmount, Math.Ceiling(tokens));
    }

    /// <summary>Estimated tokens of as much of a completion as was streamed: by the estimator of the prompt, four bytes a token, or by the model's family.</summary>
    public long EstimateTokens(in StreamedText text, ReadOnlySpan<byte> model) =>
        definition.Estimator == TokenEstimator.Calibrated
            ? TokenFamilies.Of(model).StreamTokens(text.Ascii, text.Other)
            : (text.Ascii + text.Other + BytesPerToken - 1) / BytesPerToken;

    /// <summary>What so many tokens of a completion count; -1 when they have no price.</summary>
    public long OfCompletion(long tokens, ReadOnlySpan<byte> model) => prices is null ? tokens : prices.Of(model, new Usage(0, tokens));

    /// <summary>Whether a completion, or it and its prompt, is longer than any may be, however much is left.</summary>
    /// <param name="completion">Tokens of the completion.</param>
    /// <param name="amount">What it and the prompt count.</param>
    public bool IsBeyond(long completion, long amount) => completion > Math.Ceiling(_maxCompletion) || (prices is null && amount > _maxRequest);

    private Reason Price(ReadOnlySpan<byte> model, long completion, ref long prompt, out long amount)
    {
        amount = Math.Max(1, prices!.Of(model, new Usage(prompt, completion)));
        prompt = prices.Of(model, new Usage(prompt, 0));
        return prompt < 0 ? Reason.ModelDenied : Reason.None;
    }

    private long? Hint(FactSet facts)
    {
        if (HintSlot < 0 || facts.StateOf(HintSlot) != FactState.Present)
        {
            return null;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(facts.ValueOf(HintSlot), out long hint, out var read)
            && read == facts.ValueOf(HintSlot).Length && hint is >= 0 and <= MaxAmount
            ? hint
            : null;
    }
}
