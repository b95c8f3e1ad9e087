namespace EdgeGuard.Bundles.Reading;

/// <summary>What a node of a document is. YAML and JSON give the same kinds.</summary>
public enum NodeKind : byte
{
    Null,
    Boolean,

    /// <summary>A whole number that fits 64 bits.</summary>
    Integer,

    /// <summary>Any other finite number.</summary>
    Number,
    String,
    List,
    Map,
}
