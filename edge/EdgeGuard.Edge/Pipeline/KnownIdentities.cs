using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// Remembers the headers that tell the upstream who calls, so that a caller who is known costs no text for each request. What they say depends on the policy
/// and on the caller's credentials alone (<c>forward_headers</c> takes nothing else), and those are the same objects for as long as they are remembered
/// themselves. Fixed number of places, the newer entry counts; begins anew with each snapshot. Thread-safe.
/// </summary>
internal sealed class KnownIdentities
{
    // 32 KiB of places; what stands in them is 200 to 300 bytes for each caller beside the credential.
    private const int Places = 4096;

    private Memory _memory = new(PolicySnapshot.Empty);

    /// <summary>The headers of the policy that a decision names first; values that are not verified are left out.</summary>
    public KeyValuePair<string, string>[] Of(PolicySnapshot snapshot, in Decision decision, FactSet facts, in Caller caller)
    {
        if (decision.MatchedPolicy == Decision.None || snapshot.ForwardHeaders(decision.MatchedPolicy).IsEmpty)
        {
            return [];
        }

        var memory = Volatile.Read(ref _memory);
        if (!ReferenceEquals(memory.Snapshot, snapshot))
        {
            memory = new Memory(snapshot);
            Volatile.Write(ref _memory, memory);
        }

        ref var place = ref memory.Entries[PlaceOf(caller, decision.MatchedPolicy)];
        var known = Volatile.Read(ref place);
        if (known is null || !known.IsOf(caller, decision.MatchedPolicy))
        {
            known = new Entry(caller, decision.MatchedPolicy, IdentityHeaders.Of(snapshot, decision, facts));
            Volatile.Write(ref place, known);
        }

        return known.Headers;
    }

    // By the credentials' own objects: their hash is taken once and kept with them.
    private static int PlaceOf(in Caller caller, int policy) =>
        (int)((uint)HashCode.Combine(Of(caller.Token), Of(caller.Key), Of(caller.Agent), Of(caller.Certificate), policy) % Places);

    private static int Of(Credential? credential) => credential is null ? 0 : RuntimeHelpers.GetHashCode(credential);

    private sealed class Memory(PolicySnapshot snapshot)
    {
        public PolicySnapshot Snapshot { get; } = snapshot;

        public Entry?[] Entries { get; } = new Entry?[Places];
    }

    private sealed class Entry(in Caller caller, int policy, KeyValuePair<string, string>[] headers)
    {
        private readonly Caller _caller = caller;
        private readonly int _policy = policy;

        public KeyValuePair<string, string>[] Headers { get; } = headers;

        public bool IsOf(in Caller caller, int policy) =>
            policy == _policy
            && ReferenceEquals(caller.Token, _caller.Token)
            && ReferenceEquals(caller.Key, _caller.Key)
            && ReferenceEquals(caller.Agent, _caller.Agent)
            && ReferenceEquals(caller.Certificate, _caller.Certificate);
    }
}
