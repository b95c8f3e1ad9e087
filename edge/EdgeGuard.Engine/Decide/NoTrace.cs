namespace EdgeGuard.Engine.Decide;

/// <summary>Tells nobody.</summary>
internal readonly struct NoTrace : ITraceSink
{
    public void KillSwitch(int killSwitch)
    {
    }

    public void Rule(int rule, bool shadow, TraceOutcome outcome)
    {
    }

    public void Limit(int rule, bool shadow, bool allowed, ulong deficit, ulong cost)
    {
    }
}
