using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// A write in progress: the rows, and the audit rows that are committed with them or not at all. The organization's lock is held
/// until commit, so numbers taken here are visible in order and without gaps.
/// </summary>
internal sealed class WriteTransaction(ControlPlaneDbContext rows, string organizationId, Actor actor, ColumnProtector columns, TimeProvider time)
{
    private readonly List<AuditRecord> _records = [];

    public ControlPlaneDbContext Rows => rows;

    public string OrganizationId => organizationId;

    public Actor Actor => actor;

    /// <summary>The time of the whole transaction.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Whether anything was audited; a write without an audit row is refused at commit.</summary>
    public bool IsAudited => _records.Count > 0;

    /// <summary>Records an act.</summary>
    public void Audit(string action, string subject, string? before = null, string? after = null) =>
        _records.Add(new AuditRecord(action, subject, before, after));

    /// <summary>The next number of a kind of directive (<see cref="SequenceKinds"/>).</summary>
    public async Task<long> NextSequenceAsync(string kind, CancellationToken cancellation)
    {
        var row = await rows.DirectiveSequences.SingleAsync(sequence => sequence.Kind == kind, cancellation);
        row.Value++;
        return row.Value;
    }

    /// <summary>Appends the audit rows to the chain and saves everything.</summary>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        if (_records.Count > 0)
        {
            var last = await rows.AuditLog.AsNoTracking().OrderByDescending(row => row.Sequence)
                .Select(row => new { row.Sequence, row.Hash }).FirstOrDefaultAsync(cancellation);
            var sequence = last?.Sequence ?? 0;
            var hash = last?.Hash ?? AuditChain.Start;
            foreach (var record in _records)
            {
                var row = Row(record, ++sequence);
                hash = row.Hash = AuditChain.Hash(hash, row);
                rows.AuditLog.Add(row);
            }
        }

        await rows.SaveChangesAsync(cancellation);
    }

    /// <summary>What an audit snapshot's ciphertext is bound to.</summary>
    public static string SnapshotPlace(long sequence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"audit_log.snapshot/{sequence}");

    private AuditRow Row(AuditRecord record, long sequence)
    {
        var snapshot = AuditSnapshot.Create(record.Before, record.After).Serialize();
        return new AuditRow
        {
            OrganizationId = organizationId,
            Sequence = sequence,
            At = Now,
            Actor = actor.Name,
            Action = record.Action,
            Subject = record.Subject,
            SourceHash = actor.SourceHash,
            SnapshotCipher = columns.Protect(SnapshotPlace(sequence), organizationId, snapshot),
            SnapshotDigest = AuditChain.Digest(snapshot),
        };
    }
}
