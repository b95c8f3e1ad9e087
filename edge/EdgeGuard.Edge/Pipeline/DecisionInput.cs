using EdgeGuard.Edge.Bodies;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>What was found out about a request before its decision, apart from what stands in its head.</summary>
/// <param name="Caller">What is known of who calls.</param>
/// <param name="Body">What was read of its body, or null.</param>
/// <param name="Refusal">Why it is refused already, or null.</param>
/// <param name="Webhooks">What came of the checks of webhook providers.</param>
internal readonly record struct DecisionInput(Caller Caller, RequestBody? Body, Decision? Refusal, WebhookCheck[] Webhooks)
{
    /// <summary>The route to models or tools that it takes, or null.</summary>
    public ModelRoute? Models { get; init; }
}
