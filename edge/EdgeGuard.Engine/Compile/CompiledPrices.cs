using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Compile;

/// <summary>Prices of a provider's models. What they give is counted in millionths of the currency: a price for a million tokens is that for one.</summary>
internal sealed class CompiledPrices
{
    private readonly NamePatterns _models;
    private readonly (decimal Input, decimal Output, decimal Cached, decimal Reasoning)[] _prices;

    public CompiledPrices(ImmutableArray<ModelPriceDefinition> prices)
    {
        var models = ImmutableArray.CreateBuilder<string>(prices.Length);
        _prices = new (decimal, decimal, decimal, decimal)[prices.Length];
        for (var i = 0; i < prices.Length; i++)
        {
            var price = prices[i];
            models.Add(price.Model);
            _prices[i] = ((decimal)price.Input, (decimal)price.Output, (decimal)price.CachedInput, (decimal)price.Reasoning);
        }

        _models = new NamePatterns(models.MoveToImmutable());
    }

    /// <summary>Whether a model has a price.</summary>
    public bool Knows(ReadOnlySpan<byte> model) => _models.Find(model) >= 0;

    /// <summary>What so many tokens of a model cost, in millionths rounded up; -1 when it has no price.</summary>
    public long Of(ReadOnlySpan<byte> model, in Usage usage)
    {
        var index = _models.Find(model);
        if (index < 0)
        {
            return -1;
        }

        var (input, output, cachedInput, reasoning) = _prices[index];
        var prompt = Math.Max(0, usage.Prompt);
        var completion = Math.Max(0, usage.Completion);
        var cached = Math.Clamp(usage.CachedPrompt, 0, prompt);
        var thought = Math.Clamp(usage.Reasoning, 0, completion);
        var cost = ((prompt - cached) * input) + (cached * cachedInput) + ((completion - thought) * output) + (thought * reasoning);
        return (long)Math.Min(CompiledLlm.MaxAmount, decimal.Ceiling(cost));
    }
}
