using System.Text.Json.Serialization;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>Source-generated JSON of the encrypted columns of edges.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class EdgeColumnsJson : JsonSerializerContext;
