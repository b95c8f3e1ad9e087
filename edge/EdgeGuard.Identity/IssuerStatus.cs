using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Identity;

/// <summary>How it stands with one issuer's keys.</summary>
/// <param name="IssuerId">Name of the issuer in the bundle.</param>
/// <param name="Usable">Whether tokens of this issuer can be verified now.</param>
/// <param name="KeyCount">Keys in use.</param>
/// <param name="KeySetAge">Time since the key set was last fetched well, or null when it never was.</param>
/// <param name="FetchesOk">Fetches that gave a good key set.</param>
/// <param name="FetchesFailed">Fetches that did not.</param>
/// <param name="Problems">What is wrong now; empty when nothing is. Never part of a token or of a key.</param>
public sealed record IssuerStatus(
    string IssuerId,
    bool Usable,
    int KeyCount,
    TimeSpan? KeySetAge,
    long FetchesOk,
    long FetchesFailed,
    ImmutableArray<Diagnostic> Problems);
