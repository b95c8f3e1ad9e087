namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Where an evaluation tells what it considered. Implemented by structs, so that the one that does nothing costs nothing and the hot path
/// and the explanation are the same code.
/// </summary>
internal interface ITraceSink
{
    void KillSwitch(int killSwitch);

    /// <summary>A rule without numbers.</summary>
    void Rule(int rule, bool shadow, TraceOutcome outcome);

    /// <summary>A rule whose limit was read.</summary>
    /// <param name="rule">Index of the rule.</param>
    /// <param name="shadow">Whether its verdict counts for nothing.</param>
    /// <param name="allowed">Whether the limit holds the cost.</param>
    /// <param name="deficit">Units missing before.</param>
    /// <param name="cost">Cost in units.</param>
    void Limit(int rule, bool shadow, bool allowed, ulong deficit, ulong cost);
}
