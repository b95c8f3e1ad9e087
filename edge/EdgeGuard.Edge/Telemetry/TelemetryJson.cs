using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Source-generated JSON of the telemetry state.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PendingDocument))]
internal sealed partial class TelemetryJson : JsonSerializerContext;
