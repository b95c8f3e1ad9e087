namespace EdgeGuard.Bundles.Schema;

/// <summary>A string, number or Boolean that is compared as text.</summary>
internal sealed class ScalarShape : ValueShape
{
    public static ScalarShape Instance { get; } = new();

    public static int MaxLength => 1024;

    /// <inheritdoc />
    public override string TypeName => "text, number or true/false";

    /// <inheritdoc />
    public override string Range => "1 to 1024 characters";
}
