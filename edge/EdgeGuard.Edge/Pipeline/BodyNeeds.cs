using System.Collections.Immutable;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>What has to be known of a request's body before it is decided on.</summary>
/// <param name="Bytes">Most that limits look at; 0 for none.</param>
/// <param name="Webhooks">Ids of webhook providers one of whose deliveries it has to be.</param>
/// <param name="Models">The route to models or tools that it takes, or null.</param>
internal readonly record struct BodyNeeds(int Bytes, ImmutableArray<string> Webhooks, ModelRoute? Models = null)
{
    /// <summary>Nothing.</summary>
    public static BodyNeeds None => new(0, []);
}
