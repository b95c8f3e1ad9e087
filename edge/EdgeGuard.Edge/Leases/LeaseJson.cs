using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.Leases;

/// <summary>Source-generated JSON of the file <c>leases</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LeaseMemory))]
internal sealed partial class LeaseJson : JsonSerializerContext;
