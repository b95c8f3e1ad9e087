using System.Text.Json.Serialization;
using EdgeGuard.Edge.Fuse;

namespace EdgeGuard.Edge.State;

/// <summary>Source-generated JSON of the small state files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HighWaterDocument))]
[JsonSerializable(typeof(RevertedBundle))]
internal sealed partial class StateJson : JsonSerializerContext;
