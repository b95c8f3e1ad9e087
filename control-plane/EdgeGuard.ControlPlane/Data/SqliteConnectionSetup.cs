using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// Settings that SQLite keeps per connection. The write-ahead log itself is a property of the file, set when it is migrated;
/// <c>synchronous</c> stays FULL, so that a kill switch that was answered survives a power cut.
/// </summary>
internal sealed class SqliteConnectionSetup : DbConnectionInterceptor
{
    private const string Settings = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;";

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Settings;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
