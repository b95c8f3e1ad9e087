using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Snapshot;

/// <summary>A route that leads to models or tools, as a door has to know it.</summary>
/// <param name="Policy">Index of the policy.</param>
/// <param name="Provider">Id of the provider of models, or null for tools.</param>
/// <param name="Format">Wire format of the provider.</param>
/// <param name="IncludeStreamUsage">Whether the provider is asked for usage in streams.</param>
public sealed record ModelRoute(int Policy, string? Provider, LlmFormat Format, bool IncludeStreamUsage)
{
    /// <summary>Whether it leads to tools: JSON-RPC of the Model Context Protocol.</summary>
    public bool IsTools => Provider is null;
}
