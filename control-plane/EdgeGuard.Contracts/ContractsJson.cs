using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeGuard.Contracts;

/// <summary>Source-generated JSON of everything on the wire: snake_case, unknown members ignored (version skew), nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SessionGrant))]
[JsonSerializable(typeof(BundleAnnouncement))]
[JsonSerializable(typeof(HeartbeatPayload))]
[JsonSerializable(typeof(AckBatch))]
[JsonSerializable(typeof(TelemetryBatch))]
[JsonSerializable(typeof(LeaseRequest))]
[JsonSerializable(typeof(LeaseResponse))]
[JsonSerializable(typeof(LeaseDocument))]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(CreateEdge))]
[JsonSerializable(typeof(EdgeCredentials))]
[JsonSerializable(typeof(RotateToken))]
[JsonSerializable(typeof(IReadOnlyList<EdgeInfo>))]
[JsonSerializable(typeof(BundleInfo))]
[JsonSerializable(typeof(IReadOnlyList<BundleInfo>))]
[JsonSerializable(typeof(CreateKillSwitch))]
[JsonSerializable(typeof(KillSwitchInfo))]
[JsonSerializable(typeof(IReadOnlyList<KillSwitchInfo>))]
[JsonSerializable(typeof(KillSwitchPreview))]
[JsonSerializable(typeof(CreateApiKey))]
[JsonSerializable(typeof(ApiKeyInfo))]
[JsonSerializable(typeof(IReadOnlyList<ApiKeyInfo>))]
[JsonSerializable(typeof(NewApiKey))]
[JsonSerializable(typeof(RotateApiKey))]
[JsonSerializable(typeof(CreateRevocation))]
[JsonSerializable(typeof(RevocationInfo))]
[JsonSerializable(typeof(IReadOnlyList<RevocationInfo>))]
[JsonSerializable(typeof(FleetStatus))]
[JsonSerializable(typeof(TelemetrySummary))]
[JsonSerializable(typeof(IReadOnlyList<BudgetInfo>))]
[JsonSerializable(typeof(IReadOnlyList<BudgetKeyInfo>))]
[JsonSerializable(typeof(IReadOnlyList<AuditEntry>))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ContractsJson : JsonSerializerContext;
