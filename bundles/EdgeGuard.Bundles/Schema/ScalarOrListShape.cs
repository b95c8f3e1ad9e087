namespace EdgeGuard.Bundles.Schema;

/// <summary>A scalar, or a list of scalars.</summary>
internal sealed class ScalarOrListShape : ValueShape
{
    public const int MaxItems = 64;

    public static ScalarOrListShape Instance { get; } = new();

    /// <inheritdoc />
    public override string TypeName => "text, number or true/false, or a list of them";

    /// <inheritdoc />
    public override string Range => $"1 to {ScalarShape.MaxLength} characters; at most {MaxItems} items";
}
