using System.Globalization;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A list of equal values.</summary>
internal sealed class ListShape(ValueShape item, int min, int max) : ValueShape
{
    public ValueShape Item { get; } = item;

    public int Min { get; } = min;

    public int Max { get; } = max;

    /// <summary>Whether an item may occur once only (texts).</summary>
    public bool Unique => Item is TextShape;

    /// <inheritdoc />
    public override string TypeName => "list of " + Item.TypeName;

    /// <inheritdoc />
    public override string Range
    {
        get
        {
            var count = string.Create(CultureInfo.InvariantCulture, $"{Min} to {NumberShape.Format(Max)} items");
            var inner = Item is TextShape { Allowed.IsEmpty: false } ? ": " + Item.Range : string.Empty;
            return count + inner;
        }
    }
}
