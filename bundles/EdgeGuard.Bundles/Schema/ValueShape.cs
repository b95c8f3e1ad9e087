namespace EdgeGuard.Bundles.Schema;

/// <summary>What a value of the policy language may be. The one truth that reader, JSON Schema and reference page are made from.</summary>
internal abstract class ValueShape
{
    /// <summary>The type as the reference page writes it.</summary>
    public abstract string TypeName { get; }

    /// <summary>The range as the reference page writes it; empty when there is none.</summary>
    public virtual string Range => string.Empty;
}
