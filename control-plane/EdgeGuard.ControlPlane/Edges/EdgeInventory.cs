using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>The edges of an organization: what is stored, and on top of it what this process knows better.</summary>
internal sealed class EdgeInventory(EdgeStates states, EdgeColumns columns, DirectiveHub hub, TimeProvider time)
{
    /// <summary>All edges, by id.</summary>
    public async Task<IReadOnlyList<EdgeInfo>> ListAsync(ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var edges = await rows.Edges.AsNoTracking().OrderBy(edge => edge.Id).ToListAsync(cancellation);
        var tokens = await rows.EdgeTokens.AsNoTracking().Where(token => token.ValidUntil == null || token.ValidUntil > now)
            .GroupBy(token => token.EdgeId).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, StringComparer.Ordinal, cancellation);
        var digests = await rows.BundleVersions.AsNoTracking().Select(bundle => new { bundle.Version, bundle.Digest })
            .OrderByDescending(bundle => bundle.Version).Take(1_000)
            .ToDictionaryAsync(bundle => bundle.Version, bundle => bundle.Digest, cancellation);
        return edges.ConvertAll(edge => Info(edge, tokens.GetValueOrDefault(edge.Id), digests));
    }

    private EdgeInfo Info(EdgeRow row, int tokens, Dictionary<long, string> digests)
    {
        var live = states.Find(row.Id);
        var version = live?.BundleVersion ?? row.BundleVersion;
        var digest = live?.BundleDigest ?? row.BundleDigest;
        return new EdgeInfo
        {
            EdgeId = row.Id,
            CreatedAt = row.CreatedAt,
            Labels = columns.ReadLabels(row),
            Connected = hub.IsConnected(row.Id),
            LastSeenAt = live?.LastSeenAt ?? row.LastSeenAt,
            EdgeVersion = live?.EdgeVersion ?? row.EdgeVersion,
            BundleVersion = version,
            // An acknowledgement names the version only; what it holds is known here.
            BundleDigest = digest.Length > 0 ? digest : digests.GetValueOrDefault(version, string.Empty),
            KillSequence = live?.KillSequence ?? row.KillSequence,
            LastProblems = live?.Problems ?? columns.ReadProblems(row),
            ClockSkewMilliseconds = live?.ClockSkewMilliseconds ?? row.ClockSkewMs,
            ValidTokens = tokens,
        };
    }
}
