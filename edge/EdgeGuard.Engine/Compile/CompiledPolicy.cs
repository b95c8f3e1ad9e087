namespace EdgeGuard.Engine.Compile;

/// <summary>A bundle compiled for deciding: immutable, shared by all threads.</summary>
public sealed class CompiledPolicy
{
    internal CompiledPolicy()
    {
    }
}
