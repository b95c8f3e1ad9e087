using System.Globalization;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Providers of models of one id. The key is a reference, and told as such.</summary>
internal sealed class LlmProviderDiff(ChangeList changes) : IChangeComparer<LlmProviderDefinition>
{
    public string Describe(LlmProviderDefinition value) => value.Format.ToString();

    public string EffectOfAdding(LlmProviderDefinition value) => string.Empty;

    public string EffectOfRemoving(LlmProviderDefinition value) => string.Empty;

    public void Compare(string path, LlmProviderDefinition before, LlmProviderDefinition after)
    {
        changes.Value(path + ".format", before.Format.ToString(), after.Format.ToString());
        changes.Value(path + ".api_key", before.ApiKey, after.ApiKey);
        changes.Value(path + ".currency", before.Currency, after.Currency);
        var was = before.Prices.ToDictionary(price => price.Model, Text, StringComparer.Ordinal);
        var now = after.Prices.ToDictionary(price => price.Model, Text, StringComparer.Ordinal);
        foreach (var model in was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            changes.Value($"{path}.prices.{model}", was.GetValueOrDefault(model), now.GetValueOrDefault(model));
        }
    }

    private static string Text(ModelPriceDefinition price) => string.Create(
        CultureInfo.InvariantCulture, $"{price.Input} in, {price.CachedInput} cached, {price.Output} out, {price.Reasoning} reasoning");
}
