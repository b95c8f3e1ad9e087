namespace EdgeGuard.Edge.Debug;

/// <summary>Marks a request that belongs to an open debug session.</summary>
internal sealed class DebugSession
{
    private DebugSession()
    {
    }

    public static DebugSession Open { get; } = new();
}
