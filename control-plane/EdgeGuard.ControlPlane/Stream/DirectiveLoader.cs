using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.ApiKeys;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.KillSwitches;
using EdgeGuard.ControlPlane.Revocations;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Reads what is in force for an organization from the database: once a process, and as part of every change.</summary>
internal sealed class DirectiveLoader(
    Database database, KillSwitchReader killSwitches, RevocationReader revocations, ApiKeyReader apiKeys, DirectiveStates states)
{
    /// <summary>In a transaction of its own.</summary>
    public async Task<DirectiveState> LoadAsync(string organizationId, CancellationToken cancellation)
    {
        await using var rows = database.Open(OrganizationScope.For(organizationId));
        await using var transaction = await rows.Database.BeginTransactionAsync(
            database.Dialect is DatabaseDialect.PostgreSql ? System.Data.IsolationLevel.RepeatableRead : System.Data.IsolationLevel.Serializable,
            cancellation);
        return await LoadAsync(rows, organizationId, cancellation);
    }

    /// <summary>As the given context sees it, changes that are saved and not committed included.</summary>
    public async Task<DirectiveState> LoadAsync(ControlPlaneDbContext rows, string organizationId, CancellationToken cancellation)
    {
        var lineage = await rows.Lineage.AsNoTracking().SingleAsync(cancellation);
        var sequences = await rows.DirectiveSequences.AsNoTracking().ToDictionaryAsync(row => row.Kind, row => row.Value, StringComparer.Ordinal, cancellation);
        var bundle = await rows.BundleVersions.AsNoTracking().OrderByDescending(row => row.Version)
            .Select(row => new { row.Version, row.Digest }).FirstOrDefaultAsync(cancellation);

        // Thousands of keys need not be read again for a kill switch. What is known here was committed, so its number stands for these bytes.
        var known = states.Find(organizationId);
        return new DirectiveState
        {
            OrganizationId = organizationId,
            Lineage = lineage.Lineage,
            Epoch = lineage.Epoch,
            KillSwitches = await killSwitches.SetAsync(rows, sequences[SequenceKinds.KillSwitches], cancellation),
            Revocations = known?.Revocations is { } same && same.Sequence == sequences[SequenceKinds.Revocations]
                ? same
                : await revocations.SetAsync(rows, sequences[SequenceKinds.Revocations], cancellation),
            ApiKeys = known?.ApiKeys is { } keys && keys.Sequence == sequences[SequenceKinds.ApiKeys]
                ? keys
                : await apiKeys.SetAsync(rows, sequences[SequenceKinds.ApiKeys], cancellation),
            Bundle = bundle is null ? null : Announce(bundle.Version, bundle.Digest),
        };
    }

    /// <summary>The announcement of a version.</summary>
    public static BundleAnnouncement Announce(long version, string digest) =>
        new(version, digest, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{EdgeRoutes.Bundle}{version}"));
}
