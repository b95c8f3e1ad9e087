using System.Text.Json.Serialization;

namespace EdgeGuard.ControlPlane.Audit;

/// <summary>Source-generated JSON of audit snapshots.</summary>
[JsonSerializable(typeof(AuditSnapshot))]
internal sealed partial class AuditSnapshotJson : JsonSerializerContext;
