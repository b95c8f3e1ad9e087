using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.State;

/// <summary>Source-generated JSON of the small state files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HighWaterDocument))]
internal sealed partial class StateJson : JsonSerializerContext;
