using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Bounds;

/// <summary>A request that a policy bounds.</summary>
/// <param name="Limits">The bounds.</param>
/// <param name="Refusal">Why it is refused by what is known of it, or null.</param>
internal sealed record BoundedRequest(RequestLimitsDefinition Limits, Decision? Refusal);
