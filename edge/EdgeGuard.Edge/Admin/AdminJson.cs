using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Admin;

/// <summary>Source-generated JSON of the admin socket.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(AdminStatus))]
[JsonSerializable(typeof(ExplainList))]
[JsonSerializable(typeof(FlushReport))]
[JsonSerializable(typeof(KillSwitchReport))]
[JsonSerializable(typeof(RecordAllReport))]
[JsonSerializable(typeof(ImmutableArray<KillSwitchReport>))]
[JsonSerializable(typeof(ImmutableArray<EffectiveOption>))]
internal sealed partial class AdminJson : JsonSerializerContext;
