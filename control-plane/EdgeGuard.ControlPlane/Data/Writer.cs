using EdgeGuard.ControlPlane.Auth;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// The only way to change something: one transaction a call, under the organization's lock, with at least one audit row in it. What
/// has no audit row (telemetry, acknowledgements) says so by <see cref="IngestAsync"/>.
/// </summary>
internal sealed class Writer(Database database, ColumnProtector columns, TimeProvider time)
{
    /// <summary>Runs a write and commits it together with its audit rows.</summary>
    /// <exception cref="InvalidOperationException">The work recorded no act.</exception>
    public async Task<T> WriteAsync<T>(
        string organizationId, Actor actor, Func<WriteTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        await RunAsync(organizationId, actor, work, auditRequired: true, cancellation);

    /// <summary>Runs a write of data that edges report; audited only when the work records an act.</summary>
    public async Task<T> IngestAsync<T>(
        string organizationId, Actor actor, Func<WriteTransaction, CancellationToken, Task<T>> work, CancellationToken cancellation) =>
        await RunAsync(organizationId, actor, work, auditRequired: false, cancellation);

    private async Task<T> RunAsync<T>(
        string organizationId, Actor actor, Func<WriteTransaction, CancellationToken, Task<T>> work, bool auditRequired,
        CancellationToken cancellation)
    {
        var gated = database.Dialect is DatabaseDialect.Sqlite;
        if (gated)
        {
            await database.WriteGate.WaitAsync(cancellation);
        }

        try
        {
            await using var rows = database.Open(OrganizationScope.For(organizationId));
            await using var transaction = await rows.Database.BeginTransactionAsync(cancellation);
            var write = new WriteTransaction(rows, organizationId, actor, columns, time);
            if (auditRequired)
            {
                await database.LockOrganizationAsync(rows.Database, organizationId, cancellation);
            }

            var result = await work(write, cancellation);
            if (auditRequired && !write.IsAudited && rows.ChangeTracker.HasChanges())
            {
                throw new InvalidOperationException("A write without an audit row is not committed.");
            }

            if (!auditRequired && write.IsAudited)
            {
                await database.LockOrganizationAsync(rows.Database, organizationId, cancellation);
            }

            await write.SaveAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return result;
        }
        finally
        {
            if (gated)
            {
                database.WriteGate.Release();
            }
        }
    }
}
