using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Revocations;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// Whether a kill switch of a newer snapshot, or a revocation, refuses a request that is under way. Its facts are read again by the newer plan: a switch may match what
/// the request was not asked for before.
/// </summary>
internal sealed class KillCheck(RequestProbe probe, Lazy<CallerVerifier> callers, RevocationList revocations)
{
    /// <summary>The refusal, or null.</summary>
    public async Task<Decision?> FindAsync(PolicySnapshot snapshot, Exchange exchange)
    {
        var caller = exchange.Decided.Caller;
        if (revocations.Revokes(caller, CredentialKinds.All) && revocations.Revokes(caller, probe.CredentialsFor(snapshot, exchange.Request.Line)))
        {
            return Decision.Refused(Reason.IdentityInvalid);
        }

        if (snapshot.KillSwitches.IsEmpty)
        {
            return null;
        }

        var look = new Look(probe, snapshot, exchange.Request) { Caller = caller };
        if (snapshot.Facts.NeedsClaims && caller.Token is null)
        {
            if (!exchange.TryRead(look, static (context, look) => look.Authorization = context.Request.Headers.Authorization))
            {
                return null;
            }

            // Only what stands in the head is looked at again: signatures over a body that has gone up cannot be.
            look.Caller = look.Caller.With(await callers.Value.Tokens.VerifyAsync(look.Authorization, CancellationToken.None));
        }

        return exchange.TryRead(look, static (context, look) => look.Run(context)) ? look.Kill : null;
    }

    private sealed class Look(RequestProbe probe, PolicySnapshot snapshot, OriginalRequest request)
    {
        public StringValues Authorization { get; set; }

        public Caller Caller { get; set; }

        public Decision? Kill { get; private set; }

        public void Run(HttpContext context) => Kill = probe.FindKill(context, snapshot, request, Caller);
    }
}
