namespace EdgeGuard.Engine.Explain;

/// <summary>What became of the tokens that a rule had reserved for the request.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Reserved">Tokens that it had reserved, by the estimate of the prompt and the bound of the completion, and on the way of a stream.</param>
/// <param name="Charged">Tokens that stayed charged in the end.</param>
/// <param name="How">How that became known; one of the words of <c>edgeguard_llm_usage_total</c>.</param>
/// <param name="Why">The same as a sentence.</param>
public sealed record StoryUsage(string Rule, long Reserved, long Charged, string How, string Why);
