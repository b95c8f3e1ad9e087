using System.Security.Cryptography;
using System.Text.Json;

namespace EdgeGuard.ControlPlane.Audit;

/// <summary>
/// State before and after an act, as it is encrypted. The random salt makes the digest in the chain tell nothing about a state that
/// was erased or that can be guessed.
/// </summary>
internal sealed record AuditSnapshot(string Salt, string? Before, string? After)
{
    /// <summary>A snapshot with a new salt.</summary>
    public static AuditSnapshot Create(string? before, string? after) =>
        new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), before, after);

    /// <summary>The text that is encrypted and whose SHA-256 the chain covers.</summary>
    public string Serialize() => JsonSerializer.Serialize(this, AuditSnapshotJson.Default.AuditSnapshot);

    /// <summary>Reads <see cref="Serialize"/>.</summary>
    public static AuditSnapshot Deserialize(string text) =>
        JsonSerializer.Deserialize(text, AuditSnapshotJson.Default.AuditSnapshot) ?? throw new JsonException("An audit snapshot is null.");
}
