namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>How a text is split before its pieces are looked up in a vocabulary.</summary>
public enum SplitPattern : byte
{
    /// <summary>Of <c>cl100k_base</c>: words without regard to case, marks are no letters.</summary>
    Cl100K,

    /// <summary>Of <c>o200k_base</c>: words end before capitals, marks belong to them, contractions stay with them.</summary>
    O200K,
}
