namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>Tests that count what the whole process allocates: they run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationGroup
{
    public const string Name = "allocations of the process";
}
