using EdgeGuard.Edge.Doors;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Where a decision is asked for.</summary>
/// <param name="Door">The door.</param>
/// <param name="Forwarding">Whether an admitted request is forwarded, so that its target is needed.</param>
/// <param name="Debugged">Whether the request belongs to a debug session, so that the decision is kept for explain in any case.</param>
internal readonly record struct DecisionPlace(DoorTag? Door, bool Forwarding, bool Debugged);
