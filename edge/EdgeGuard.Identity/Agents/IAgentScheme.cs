using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Agents;

/// <summary>A way in which agents sign. Thread-safe.</summary>
internal interface IAgentScheme
{
    AgentScheme Scheme { get; }

    /// <summary>Whether a request is signed in this way, rightly or wrongly.</summary>
    bool IsPresentIn(IIncomingRequest request);

    /// <summary>Verifies it. Never throws for bad input.</summary>
    /// <param name="request">The request.</param>
    /// <param name="agents">The agents in force.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="cancellation">Ends a wait for keys or body.</param>
    ValueTask<AgentVerdict> VerifyAsync(IIncomingRequest request, AgentSet agents, long now, CancellationToken cancellation);
}
