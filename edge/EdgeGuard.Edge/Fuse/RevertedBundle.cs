using System.Text.Json.Serialization;

namespace EdgeGuard.Edge.Fuse;

/// <summary>What the fuse took back, as the state directory keeps it: without it a restart would take the same bundle again.</summary>
/// <param name="Digest">Digest of the bundle that was taken back.</param>
/// <param name="Version">Its version.</param>
/// <param name="Epoch">Its epoch; 0 for an unsigned one.</param>
/// <param name="Sequence">Its sequence; 0 for an unsigned one.</param>
/// <param name="InForce">Digest of the bundle that was put in force again.</param>
/// <param name="Why">The numbers, for people.</param>
internal sealed record RevertedBundle(
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("version")] long Version,
    [property: JsonPropertyName("epoch")] long Epoch,
    [property: JsonPropertyName("sequence")] long Sequence,
    [property: JsonPropertyName("in_force")] string InForce,
    [property: JsonPropertyName("why")] string Why)
{
    /// <summary>Nothing was taken back.</summary>
    public static RevertedBundle None { get; } = new(string.Empty, 0, 0, 0, string.Empty, string.Empty);
}
