using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Every ten minutes takes away what was given of windows that ended a day ago, and holders that have nothing left.</summary>
internal sealed class LeaseCleanup(Database database, TimeProvider time, ILogger<LeaseCleanup> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Takes away what is over; returns how many rows that were.</summary>
    public async Task<int> CleanAsync(CancellationToken cancellation)
    {
        var gated = database.Dialect is DatabaseDialect.Sqlite;
        if (gated)
        {
            await database.WriteGate.WaitAsync(cancellation);
        }

        try
        {
            // Of all organizations at once, and nothing of what is counted: no scope is needed to forget what is over.
            await using var rows = database.Open(new OrganizationScope());
            var over = time.GetUtcNow().ToUnixTimeSeconds() - LeaseTimes.Retention;
            var unseen = over * 1_000;
            var gone = await rows.Database.ExecuteSqlAsync($"DELETE FROM lease_holds WHERE window_end < {over}", cancellation);
            gone += await rows.Database.ExecuteSqlAsync($"DELETE FROM lease_shares WHERE last_end < {over}", cancellation);
            return gone + await rows.Database.ExecuteSqlAsync($"""
                DELETE FROM lease_holders WHERE seen_at < {unseen}
                AND NOT EXISTS (SELECT 1 FROM lease_holds WHERE lease_holds.organization_id = lease_holders.organization_id AND lease_holds.holder = lease_holders.holder)
                AND NOT EXISTS (SELECT 1 FROM lease_shares WHERE lease_shares.organization_id = lease_holders.organization_id AND lease_shares.holder = lease_holders.holder)
                """, cancellation);
        }
        finally
        {
            if (gated)
            {
                database.WriteGate.Release();
            }
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                ControlPlaneLog.CleanupFailed(log, error);
            }
        }
    }
}
