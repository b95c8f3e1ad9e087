using EdgeGuard.Edge.Hosting;
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
internal sealed class KillCheck(FactFiller filler, Lazy<TokenVerifier> tokens, EdgeClock clock)
{
    private readonly ScratchPool _pool = new();

    /// <summary>The refusal, or null.</summary>
    public async Task<Decision?> FindAsync(PolicySnapshot snapshot, Exchange exchange)
    {
        var token = TokenResult.None;
        if (snapshot.Facts.NeedsClaims)
        {
            var read = new Reading();
            if (!exchange.TryRead(read, static (context, read) => read.Authorization = context.Request.Headers.Authorization))
            {
                return null;
            }

            token = await tokens.Value.VerifyAsync(read.Authorization, CancellationToken.None);
        }

        var scratch = _pool.Rent();
        try
        {
            var found = new Search(this, snapshot, exchange.Request, token, scratch);
            return exchange.TryRead(found, static (context, search) => search.Run(context)) ? found.Kill : null;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    private sealed class Reading
    {
        public StringValues Authorization { get; set; }
    }

    private sealed class Search(KillCheck owner, PolicySnapshot snapshot, OriginalRequest request, TokenResult token, RequestScratch scratch)
    {
        public Decision? Kill { get; private set; }

        public void Run(HttpContext context)
        {
            if (scratch.TryRead(request))
            {
                Kill = owner.Find(context, snapshot, request, token, scratch);
            }
        }
    }

    private Decision? Find(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request, TokenResult token, RequestScratch scratch)
    {
        filler.Fill(context, request.Host, snapshot.Facts, token, scratch);
        var view = new RequestView(scratch.Method, scratch.Host, scratch.Path, scratch.Facts, scratch.Query);
        return DecisionEngine.IsKilled(snapshot, view, clock.Now, out var decision) ? decision : null;
    }
}
