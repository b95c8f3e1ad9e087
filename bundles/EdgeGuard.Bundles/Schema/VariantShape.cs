using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A map whose fields depend on a word in a field beside it.</summary>
internal sealed class VariantShape(string discriminator, params ReadOnlySpan<KeyValuePair<string, ObjectShape>> variants) : ValueShape
{
    /// <summary>The field beside it, such as <c>algorithm</c>.</summary>
    public string Discriminator { get; } = discriminator;

    public ImmutableArray<KeyValuePair<string, ObjectShape>> Variants { get; } = [.. variants];

    /// <inheritdoc />
    public override string TypeName => $"map, by `{Discriminator}`";

    /// <inheritdoc />
    public override string Range => string.Join(" ", Variants.Select(v => v.Value.TypeName));

    /// <summary>The shape for a word, or null.</summary>
    public ObjectShape? For(string? word)
    {
        foreach (var (name, shape) in Variants)
        {
            if (string.Equals(name, word, StringComparison.Ordinal))
            {
                return shape;
            }
        }

        return null;
    }
}
