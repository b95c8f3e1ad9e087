using EdgeGuard.Edge.Doors;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Where a decision is asked for.</summary>
/// <param name="Door">The door.</param>
/// <param name="Forwarding">Whether an admitted request is forwarded, so that its target is needed.</param>
/// <param name="Debugged">Whether the request belongs to a debug session, so that the decision is kept for explain in any case.</param>
internal readonly record struct DecisionPlace(DoorTag? Door, bool Forwarding, bool Debugged)
{
    /// <summary>Takes the target of an admitted request that is forwarded, instead of <see cref="DecidedRequest.Target"/>; null for none.</summary>
    public TargetBuffer? Target { get; init; }

    /// <summary>How many times more than once the request counts.</summary>
    public uint ExtraHits { get; init; }

    /// <summary>Whether an admission may still be taken back as a whole (<see cref="Engine.Decide.Ending.NotForwarded"/>), whatever it took.</summary>
    public bool Returnable { get; init; }
}
