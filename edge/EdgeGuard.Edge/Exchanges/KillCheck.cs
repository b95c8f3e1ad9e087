using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Revocations;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// Whether a kill switch of a newer snapshot, or a revocation, refuses a request that is under way. Its facts are read again by the newer plan: a switch may match what
/// the request was not asked for before.
/// </summary>
internal sealed class KillCheck(RequestProbe probe, Lazy<CallerVerifier> callers, RevocationList revocations)
{
    /// <summary>The refusal, or null.</summary>
    public async Task<Decision?> FindAsync(PolicySnapshot snapshot, Exchange exchange, long turn)
    {
        if (!exchange.TryTell(turn, out var request, out var caller))
        {
            return null;
        }

        if (revocations.Revokes(caller, CredentialKinds.All) && revocations.Revokes(caller, probe.CredentialsFor(snapshot, request.Line)))
        {
            return Decision.Refused(Reason.IdentityInvalid);
        }

        if (snapshot.KillSwitches.IsEmpty)
        {
            return null;
        }

        if (snapshot.Facts.NeedsClaims && caller.Token is null)
        {
            var token = new TokenReader();
            if (!exchange.TryRead(turn, token))
            {
                return null;
            }

            // Only what stands in the head is looked at again: signatures over a body that has gone up cannot be.
            caller = caller.With(await callers.Value.Tokens.VerifyAsync(token.Lines, CancellationToken.None));
        }

        var look = new Look(probe, snapshot, request, caller);
        return exchange.TryRead(turn, look) ? look.Kill : null;
    }

    private sealed class TokenReader : IHeadReader
    {
        public StringValues Lines { get; private set; }

        public void Read<THead>(in THead head)
            where THead : IRequestHead
        {
            var lines = new string[head.CountOf(HeaderNames.Authorization)];
            for (var i = 0; i < lines.Length; i++)
            {
                lines[i] = head.LineOf(HeaderNames.Authorization, i).ToString();
            }

            Lines = lines;
        }
    }

    private sealed class Look(RequestProbe probe, PolicySnapshot snapshot, OriginalRequest request, Caller caller) : IHeadReader
    {
        public Decision? Kill { get; private set; }

        public void Read<THead>(in THead head)
            where THead : IRequestHead => Kill = probe.FindKill(head, snapshot, request, caller);
    }
}
