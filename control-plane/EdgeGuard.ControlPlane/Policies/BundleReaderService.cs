using System.Collections.Concurrent;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>The bundle in force of an organization. A document is parsed once and kept: versions never change.</summary>
internal sealed class BundleReaderService
{
    private readonly ConcurrentDictionary<string, (long Version, PolicyDocument? Document)> _parsed = new(StringComparer.Ordinal);

    /// <summary>The newest version, or null before the first.</summary>
    public async Task<CurrentBundle?> CurrentAsync(ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var row = await rows.BundleVersions.AsNoTracking().OrderByDescending(bundle => bundle.Version).FirstOrDefaultAsync(cancellation);
        if (row is null)
        {
            return null;
        }

        if (!_parsed.TryGetValue(row.OrganizationId, out var parsed) || parsed.Version != row.Version)
        {
            parsed = (row.Version, BundleReader.Read(row.Document, "bundle", ValidationContext.Unknown).Document);
            _parsed[row.OrganizationId] = parsed;
        }

        return new CurrentBundle(row, parsed.Document);
    }
}
