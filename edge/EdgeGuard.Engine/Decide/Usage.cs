namespace EdgeGuard.Engine.Decide;

/// <summary>Tokens that a provider reports for one request.</summary>
/// <param name="Prompt">Prompt tokens, cached ones included.</param>
/// <param name="Completion">Completion tokens, reasoning included.</param>
/// <param name="CachedPrompt">Of the prompt, those read from a cache.</param>
/// <param name="Reasoning">Of the completion, those spent on reasoning.</param>
public readonly record struct Usage(long Prompt, long Completion, long CachedPrompt = 0, long Reasoning = 0);
