using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Decide;

/// <summary>Keeps the steps in the request's own scratch.</summary>
internal readonly struct StepRecorder(FactSet facts) : ITraceSink
{
    public bool IsListening => true;

    public void Add(in DecisionStep step) => facts.AddStep(in step);
}
