using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// Whether a kill switch of a newer snapshot refuses a request that is under way. Its facts are read again by the newer plan: a switch may match what
/// the request was not asked for before.
/// </summary>
internal sealed class KillCheck(RequestProbe probe, Lazy<TokenVerifier> tokens)
{
    /// <summary>The refusal, or null.</summary>
    public async Task<Decision?> FindAsync(PolicySnapshot snapshot, Exchange exchange)
    {
        var look = new Look(probe, snapshot, exchange.Request);
        if (snapshot.Facts.NeedsClaims)
        {
            if (!exchange.TryRead(look, static (context, look) => look.Authorization = context.Request.Headers.Authorization))
            {
                return null;
            }

            look.Token = await tokens.Value.VerifyAsync(look.Authorization, CancellationToken.None);
        }

        return exchange.TryRead(look, static (context, look) => look.Run(context)) ? look.Kill : null;
    }

    private sealed class Look(RequestProbe probe, PolicySnapshot snapshot, OriginalRequest request)
    {
        public StringValues Authorization { get; set; }

        public TokenResult Token { get; set; } = TokenResult.None;

        public Decision? Kill { get; private set; }

        public void Run(HttpContext context) => Kill = probe.FindKill(context, snapshot, request, Token);
    }
}
