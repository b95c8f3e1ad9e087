using System.Globalization;
using System.Security.Cryptography;
using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Audit;

/// <summary>Recomputes an organization's chain and opens every snapshot: finds any row changed, moved, inserted or removed before the last.</summary>
internal sealed class AuditVerifier(ColumnProtector columns)
{
    /// <summary>The first thing that is wrong, or null.</summary>
    public async Task<string?> VerifyAsync(ControlPlaneDbContext database, CancellationToken cancellation)
    {
        var previous = AuditChain.Start;
        var expected = 1L;
        await foreach (var row in database.AuditLog.AsNoTracking().OrderBy(row => row.Sequence).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (row.Sequence != expected)
            {
                return string.Create(CultureInfo.InvariantCulture, $"row {expected} is missing");
            }

            if (!string.Equals(row.Hash, AuditChain.Hash(previous, row), StringComparison.Ordinal))
            {
                return string.Create(CultureInfo.InvariantCulture, $"row {row.Sequence} does not have the hash that was written");
            }

            if (!SnapshotHolds(row))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the snapshot of row {row.Sequence} is not the one that was written");
            }

            previous = row.Hash;
            expected++;
        }

        return null;
    }

    private bool SnapshotHolds(AuditRow row)
    {
        try
        {
            var snapshot = columns.Unprotect(WriteTransaction.SnapshotPlace(row.Sequence), row.OrganizationId, row.SnapshotCipher);
            return string.Equals(AuditChain.Digest(snapshot), row.SnapshotDigest, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
