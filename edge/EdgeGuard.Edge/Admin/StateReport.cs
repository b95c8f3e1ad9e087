using System.Collections.Immutable;

namespace EdgeGuard.Edge.Admin;

/// <summary>The state directory.</summary>
/// <param name="Directory">Its path.</param>
/// <param name="Persistent">Whether what is learnt survives a restart.</param>
/// <param name="Ephemeral">Whether the options say that nothing is to be kept.</param>
/// <param name="Problems">What was wrong with it so far.</param>
internal sealed record StateReport(string Directory, bool Persistent, bool Ephemeral, ImmutableArray<string> Problems);
