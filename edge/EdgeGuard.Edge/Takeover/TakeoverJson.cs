using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.Takeover;

/// <summary>The offer as JSON.</summary>
[JsonSerializable(typeof(TakeoverOffer))]
internal sealed partial class TakeoverJson : JsonSerializerContext;
