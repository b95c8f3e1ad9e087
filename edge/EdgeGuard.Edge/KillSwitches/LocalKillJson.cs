using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>Source-generated JSON of the local kill switches.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LocalKillDocument))]
internal sealed partial class LocalKillJson : JsonSerializerContext;
