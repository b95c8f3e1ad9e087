using System.Text.Json;

namespace EdgeGuard.Edge.State;

/// <summary>What the file <c>high-water</c> holds.</summary>
internal sealed record HighWaterDocument
{
    /// <summary>Marks by type of document.</summary>
    public required Dictionary<string, HighWaterEntry> Marks { get; init; }

    /// <summary>Reads; null when it is not such a document.</summary>
    public static HighWaterDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.HighWaterDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
