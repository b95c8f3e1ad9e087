namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Where an evaluation tells what it considered. Implemented by structs, so that the one that does nothing costs nothing and the hot path
/// and the recorded one are the same code.
/// </summary>
internal interface ITraceSink
{
    /// <summary>Whether steps are wanted at all: what only they need is not computed otherwise.</summary>
    bool IsListening { get; }

    void Add(in DecisionStep step);
}
