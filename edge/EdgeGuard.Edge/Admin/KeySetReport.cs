using System.Collections.Immutable;

namespace EdgeGuard.Edge.Admin;

/// <summary>Keys that were fetched, of an issuer or of an agent.</summary>
/// <param name="Id">Name in the bundle.</param>
/// <param name="Usable">Whether they verify now.</param>
/// <param name="Keys">How many there are.</param>
/// <param name="AgeSeconds">Seconds since they were last fetched well, or null for never.</param>
/// <param name="FetchesOk">Good fetches since the process started.</param>
/// <param name="FetchesFailed">Failed fetches since the process started.</param>
/// <param name="Problems">What is wrong now.</param>
internal sealed record KeySetReport(
    string Id, bool Usable, int Keys, long? AgeSeconds, long FetchesOk, long FetchesFailed, ImmutableArray<string> Problems);
