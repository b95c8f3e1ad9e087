namespace EdgeGuard.Engine.Explain;

/// <summary>What became of the tokens that a rule had reserved for a request.</summary>
/// <param name="Rule">Index of the rule.</param>
/// <param name="Reserved">Tokens that it had reserved, those taken on the way of a stream among them.</param>
/// <param name="Charged">Tokens that stayed charged in the end.</param>
/// <param name="How">How that became known; one of the words of <c>edgeguard_llm_usage_total</c>.</param>
public readonly record struct SettledUsage(int Rule, long Reserved, long Charged, string How);
