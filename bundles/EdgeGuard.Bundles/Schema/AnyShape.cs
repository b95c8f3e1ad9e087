namespace EdgeGuard.Bundles.Schema;

/// <summary>Anything: the content of a field that is ignored.</summary>
internal sealed class AnyShape : ValueShape
{
    public static AnyShape Instance { get; } = new();

    /// <inheritdoc />
    public override string TypeName => "anything";
}
