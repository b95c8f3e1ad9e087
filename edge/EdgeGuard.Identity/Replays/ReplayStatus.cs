namespace EdgeGuard.Identity.Replays;

/// <summary>How it stands with what is remembered so that it does not pass twice.</summary>
/// <param name="Memory"><c>agent</c> (nonces and signatures of agents) or <c>dpop</c> (proofs).</param>
/// <param name="Remembered">How many are remembered.</param>
/// <param name="Capacity">Most that are remembered at one time.</param>
/// <param name="Replayed">Refused since the start, because they had passed before.</param>
/// <param name="Full">Refused since the start, because there was no room to remember them.</param>
public sealed record ReplayStatus(string Memory, int Remembered, int Capacity, long Replayed, long Full);
