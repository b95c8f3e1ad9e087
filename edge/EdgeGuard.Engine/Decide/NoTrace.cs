namespace EdgeGuard.Engine.Decide;

/// <summary>Tells nobody.</summary>
internal readonly struct NoTrace : ITraceSink
{
    public bool IsListening => false;

    public void Add(in DecisionStep step)
    {
    }
}
