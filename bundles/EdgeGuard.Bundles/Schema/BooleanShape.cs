namespace EdgeGuard.Bundles.Schema;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class BooleanShape : ValueShape
{
    public static BooleanShape Instance { get; } = new();

    /// <inheritdoc />
    public override string TypeName => "true or false";
}
