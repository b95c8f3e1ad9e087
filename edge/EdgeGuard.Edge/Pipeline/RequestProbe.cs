using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Looks at a request without deciding on it.</summary>
internal sealed class RequestProbe(FactFiller filler, EdgeClock clock)
{
    // Prefixes have 1 024 characters at most.
    private const int MaxPrefixBytes = 3 * 1024;

    private readonly ScratchPool _pool = new();

    /// <summary>The refusal by a kill switch that is in force, or null.</summary>
    public Decision? FindKill<THead>(in THead head, PolicySnapshot snapshot, in OriginalRequest request, Caller caller)
        where THead : IRequestHead
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) ? FindKill(head, snapshot, request, caller, scratch) : null;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>What has to be known of the body before the decision; nothing for a request that cannot be read or that a kill switch refuses anyway.</summary>
    public BodyNeeds NeedsOf(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request, Caller caller)
    {
        var scratch = _pool.Rent();
        try
        {
            if (!scratch.TryRead(request))
            {
                return BodyNeeds.None;
            }

            var needs = new BodyNeeds(
                snapshot.BodyBytes(scratch.Method, scratch.Host, scratch.Path),
                snapshot.WebhooksFor(scratch.Method, scratch.Host, scratch.Path),
                snapshot.ModelRouteFor(scratch.Method, scratch.Host, scratch.Path));
            return (needs.Bytes > 0 || !needs.Webhooks.IsEmpty) && FindKill(new HttpContextHead(context), snapshot, request, caller, scratch) is null
                ? needs
                : BodyNeeds.None with { Models = needs.Models };
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Whether anything looks at the body of such a request, lets deliveries of webhooks alone pass, or leads to models or tools; false for one that cannot be read.</summary>
    public bool AsksForBody(PolicySnapshot snapshot, in RequestLine request, bool hasBody)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request)
                && ((hasBody && snapshot.BodyBytes(scratch.Method, scratch.Host, scratch.Path) > 0)
                    || !snapshot.WebhooksFor(scratch.Method, scratch.Host, scratch.Path).IsEmpty
                    || snapshot.ModelRouteFor(scratch.Method, scratch.Host, scratch.Path) is not null);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Kinds of credentials that anything looks at for this request; none for one that cannot be read.</summary>
    public CredentialKinds CredentialsFor(PolicySnapshot snapshot, in RequestLine request)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) ? snapshot.CredentialsFor(scratch.Method, scratch.Host, scratch.Path) : CredentialKinds.None;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Whether a request is decided on though the bundle has expired.</summary>
    public bool OpensWithoutBundle(PolicySnapshot snapshot, in RequestLine request)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) && snapshot.OpensWithoutBundle(scratch.Method, scratch.Host, scratch.Path);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Which policies say what the doors do with a request; none for one that cannot be read.</summary>
    public DoorMatch DoorsFor(PolicySnapshot snapshot, in RequestLine request)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) ? snapshot.DoorsFor(scratch.Method, scratch.Host, scratch.Path) : DoorMatch.None;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>The policy that decides where such a request goes; -1 for none, or when it cannot be read.</summary>
    public int PolicyFor(PolicySnapshot snapshot, in RequestLine request)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) ? snapshot.PolicyFor(scratch.Method, scratch.Host, scratch.Path) : Decision.None;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    /// <summary>Whether the path that policies match lies at or below one of some prefixes, by whole segments.</summary>
    public bool IsBelow(in RequestLine request, ImmutableArray<string> prefixes)
    {
        var scratch = _pool.Rent();
        try
        {
            return scratch.TryRead(request) && IsBelow(scratch.Path, prefixes);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    private static bool IsBelow(ReadOnlySpan<byte> path, ImmutableArray<string> prefixes)
    {
        Span<byte> bytes = stackalloc byte[MaxPrefixBytes];
        foreach (var prefix in prefixes)
        {
            if (Encoding.UTF8.TryGetBytes(prefix, bytes, out var length)
                && path.StartsWith(bytes[..length])
                && (path.Length == length || bytes[length - 1] == (byte)'/' || path[length] == (byte)'/'))
            {
                return true;
            }
        }

        return false;
    }

    private Decision? FindKill<THead>(in THead head, PolicySnapshot snapshot, in OriginalRequest request, Caller caller, RequestScratch scratch)
        where THead : IRequestHead
    {
        filler.Fill(head, request.Host, snapshot.Facts, caller, scratch);
        var view = new RequestView(scratch.Method, scratch.Host, scratch.Path, scratch.Facts, scratch.Query);
        return DecisionEngine.IsKilled(snapshot, view, clock.Now, out var decision) ? decision : null;
    }
}
