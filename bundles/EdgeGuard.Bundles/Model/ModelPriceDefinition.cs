namespace EdgeGuard.Bundles.Model;

/// <summary>Prices of a model, in the provider's currency for one million tokens.</summary>
/// <param name="Model">Model; a closing <c>*</c> stands for any ending.</param>
/// <param name="Input">Prompt tokens.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="CachedInput">Cached prompt tokens.</param>
/// <param name="Reasoning">Reasoning tokens.</param>
public sealed record ModelPriceDefinition(string Model, double Input, double Output, double CachedInput, double Reasoning);
