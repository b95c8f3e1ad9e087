using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Identity.Agents;

/// <summary>How it stands with the keys that an agent publishes.</summary>
/// <param name="AgentId">Name of the agent in the bundle; agents of one directory are told one by one.</param>
/// <param name="Usable">Whether its signatures can be verified now.</param>
/// <param name="KeyCount">Keys in use.</param>
/// <param name="Age">Time since the directory was last fetched well, or null when it never was.</param>
/// <param name="FetchesOk">Fetches that gave a good directory.</param>
/// <param name="FetchesFailed">Fetches that did not.</param>
/// <param name="Problems">What is wrong now; empty when nothing is.</param>
public sealed record AgentDirectoryStatus(
    string AgentId, bool Usable, int KeyCount, TimeSpan? Age, long FetchesOk, long FetchesFailed, ImmutableArray<Diagnostic> Problems);
