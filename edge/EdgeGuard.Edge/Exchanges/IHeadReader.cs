using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>Looks at the head of a request that is under way.</summary>
internal interface IHeadReader
{
    /// <summary>Looks; the head is valid no longer than the call.</summary>
    void Read<THead>(in THead head)
        where THead : IRequestHead;
}
