using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Explain;

/// <summary>Steps of one block, in place.</summary>
[InlineArray(Capacity)]
internal struct StepBuffer
{
    public const int Capacity = 8;

    private DecisionStep _first;
}
