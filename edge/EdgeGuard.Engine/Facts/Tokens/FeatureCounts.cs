using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>How often each <see cref="TokenFeature"/> was seen.</summary>
[InlineArray(Count)]
internal struct FeatureCounts
{
    /// <summary>Features.</summary>
    public const int Count = (int)TokenFeature.Astral + 1;

    private long _first;
}
