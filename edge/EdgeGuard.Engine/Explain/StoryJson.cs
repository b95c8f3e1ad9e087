using System.Text.Json.Serialization;

namespace EdgeGuard.Engine.Explain;

/// <summary>Source-generated JSON of a story, the same at the admin socket and the command line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DecisionStory))]
public sealed partial class StoryJson : JsonSerializerContext;
