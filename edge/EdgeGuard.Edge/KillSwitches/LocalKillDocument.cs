using System.Text.Json;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>What the file <c>kill-switches.local</c> holds.</summary>
internal sealed record LocalKillDocument
{
    /// <summary>The set, as <c>BundleReader.WriteKillSwitches</c> writes it.</summary>
    public required JsonElement Switches { get; init; }

    /// <summary>What has still to be reported.</summary>
    public required List<NumberedReport> Reports { get; init; }

    /// <summary>Number of the newest report ever made.</summary>
    public required long LastNumber { get; init; }

    /// <summary>Reads; null when it is not such a document.</summary>
    public static LocalKillDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, LocalKillJson.Default.LocalKillDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
