namespace EdgeGuard.Engine.Counters;

/// <summary>What a take gave.</summary>
internal enum TakeResult : byte
{
    Taken,

    /// <summary>The bucket does not hold the cost (any more).</summary>
    Exceeded,

    /// <summary>Neither the newcomer's set nor the rule's overflow counter has a cell.</summary>
    Full,
}
