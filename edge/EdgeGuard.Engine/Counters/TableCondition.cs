namespace EdgeGuard.Engine.Counters;

/// <summary>What is found where a counter table should be.</summary>
public enum TableCondition
{
    /// <summary>A table that can be used.</summary>
    Whole,

    /// <summary>Something that this product never wrote.</summary>
    Foreign,

    /// <summary>A table in another format, of an older or a newer version.</summary>
    OtherFormat,

    /// <summary>Shorter or longer than its own header says.</summary>
    WrongSize,

    /// <summary>A table that contradicts itself.</summary>
    Torn,
}
