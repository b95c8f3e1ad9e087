using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Edge.Explain;

/// <summary>Marks of the facts that a decision read, in place; descriptors beyond them are told as not kept.</summary>
[InlineArray(Capacity)]
internal struct MarkBuffer
{
    public const int Capacity = 12;

    private FactMark _first;
}
