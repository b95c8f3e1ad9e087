using System.Collections.Concurrent;
using System.Security.Cryptography;
using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>
/// From a bearer token to whom it belongs. The one place that looks across organizations: which one applies is what it finds out.
/// Tokens of edges are remembered for a short while, so that acknowledgements of a whole fleet do not wait for the database; those
/// of people never are, so that a role taken away is gone with the next request.
/// </summary>
internal sealed class CredentialReader(Database database, TimeProvider time)
{
    /// <summary>How long an edge's token is believed without asking again; a rotation on this instance forgets it at once.</summary>
    internal static readonly TimeSpan EdgeCacheLifetime = TimeSpan.FromSeconds(15);

    private const int EdgeCacheEntries = 20_000;

    private readonly ConcurrentDictionary<string, (Credential Credential, DateTimeOffset Until)> _edges = new(StringComparer.Ordinal);

    /// <summary>The credential of an <c>Authorization</c> header, or null.</summary>
    public async Task<Credential?> ReadAsync(string? authorization, CancellationToken cancellation)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = authorization[Scheme.Length..].Trim();
        if (!BearerToken.IsWellFormed(token))
        {
            return null;
        }

        var hash = BearerToken.Hash(token);
        var credential = token.StartsWith(BearerToken.EdgePrefix, StringComparison.Ordinal)
            ? await EdgeAsync(hash, cancellation)
            : await UserAsync(hash, cancellation);
        return credential is { ValidUntil: { } until } && until <= time.GetUtcNow() ? null : credential;
    }

    /// <summary>Forgets what is remembered about an edge: its tokens changed.</summary>
    public void Forget(string edgeId)
    {
        foreach (var (key, value) in _edges)
        {
            if (string.Equals(value.Credential.EdgeId, edgeId, StringComparison.Ordinal))
            {
                _edges.TryRemove(key, out _);
            }
        }
    }

    private async Task<Credential?> EdgeAsync(byte[] hash, CancellationToken cancellation)
    {
        var key = Convert.ToHexStringLower(hash);
        var now = time.GetUtcNow();
        if (_edges.TryGetValue(key, out var cached) && cached.Until > now)
        {
            return cached.Credential;
        }

        await using var rows = database.Open(new OrganizationScope());
        var found = await (from token in rows.EdgeTokens.IgnoreQueryFilters()
                           join edge in rows.Edges.IgnoreQueryFilters() on token.EdgeId equals edge.Id
                           where token.TokenHash == hash
                           select new { token.Id, token.TokenHash, token.OrganizationId, token.EdgeId, token.ValidUntil, edge.KeyId })
            .AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.TokenHash, hash))
        {
            return null;
        }

        var credential = new Credential
        {
            TokenId = found.Id,
            OrganizationId = found.OrganizationId,
            EdgeId = found.EdgeId,
            KeyId = found.KeyId,
            ValidUntil = found.ValidUntil,
        };
        if (_edges.Count >= EdgeCacheEntries)
        {
            _edges.Clear();
        }

        _edges[key] = (credential, now + EdgeCacheLifetime);
        return credential;
    }

    private async Task<Credential?> UserAsync(byte[] hash, CancellationToken cancellation)
    {
        await using var rows = database.Open(new OrganizationScope());
        var found = await (from token in rows.AccessTokens.IgnoreQueryFilters()
                           join user in rows.Users.IgnoreQueryFilters() on token.UserId equals user.Id
                           where token.TokenHash == hash
                           select new { token.Id, token.TokenHash, token.OrganizationId, token.UserId, token.ValidUntil, user.Role })
            .AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (found is null || !CryptographicOperations.FixedTimeEquals(found.TokenHash, hash) ||
            !Enum.TryParse<Role>(found.Role, ignoreCase: false, out var role))
        {
            return null;
        }

        return new Credential
        {
            TokenId = found.Id,
            OrganizationId = found.OrganizationId,
            UserId = found.UserId,
            Role = role,
            ValidUntil = found.ValidUntil,
        };
    }
}
