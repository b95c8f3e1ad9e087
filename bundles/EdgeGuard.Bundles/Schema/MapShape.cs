using System.Globalization;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A map whose keys the author chooses.</summary>
internal sealed class MapShape(TextShape key, ValueShape value, int max) : ValueShape
{
    public TextShape Key { get; } = key;

    public ValueShape Value { get; } = value;

    public int Max { get; } = max;

    /// <inheritdoc />
    public override string TypeName => $"map of {Key.Noun} to {Value.TypeName}";

    /// <inheritdoc />
    public override string Range => string.Create(CultureInfo.InvariantCulture, $"at most {Max} entries");
}
