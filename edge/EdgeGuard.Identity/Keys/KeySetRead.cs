using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Identity.Keys;

/// <summary>What fetching or reading a key set gave.</summary>
/// <param name="Keys">The usable keys, or null when the set is not to be used.</param>
/// <param name="Problems">What is wrong; beside usable keys these are about keys that were left out.</param>
internal sealed record KeySetRead(KeySet? Keys, ImmutableArray<Diagnostic> Problems)
{
    /// <summary>No keys, for one reason.</summary>
    public static KeySetRead Failed(string code, string issuerId, string message, string fix) => new(null, [Problem(code, issuerId, message, fix)]);

    public static Diagnostic Problem(string code, string issuerId, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, $"issuers[{issuerId}]", message, fix);
}
