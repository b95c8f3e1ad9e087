using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using EdgeGuard.ControlPlane.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// Brings the schema up to date: every step in a transaction, recorded with its checksum. A database that a newer release has
/// migrated, or a step that differs from what was applied, is refused rather than guessed at.
/// </summary>
internal static class Migrator
{
    /// <summary>Applies what is missing and gives the lineage its identity.</summary>
    /// <exception cref="ControlPlaneException">The schema is newer (EG6020) or differs (EG6021), or the database cannot be opened (EG6022).</exception>
    public static async Task MigrateAsync(Database database, TimeProvider time, CancellationToken cancellation) =>
        await MigrateAsync(database, MigrationScript.Load(database.Dialect), time, cancellation);

    internal static async Task MigrateAsync(
        Database database, IReadOnlyList<MigrationScript> scripts, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await using DbConnection connection = database.Dialect is DatabaseDialect.Sqlite
                ? new SqliteConnection(database.ConnectionString)
                : new NpgsqlConnection(database.ConnectionString);
            await connection.OpenAsync(cancellation);
            if (database.Dialect is DatabaseDialect.Sqlite)
            {
                await ExecuteAsync(connection, null, "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;", cancellation);
            }

            await ApplyAsync(connection, database.Dialect, scripts, time, cancellation);
        }
        catch (DbException error)
        {
            throw new ControlPlaneException(ControlPlaneCodes.DatabaseUnavailable, $"the database cannot be opened: {error.Message}",
                "check that the data folder or the PostgreSQL server is reachable and writable", error);
        }
    }

    private static async Task ApplyAsync(
        DbConnection connection, DatabaseDialect dialect, IReadOnlyList<MigrationScript> scripts, TimeProvider time,
        CancellationToken cancellation)
    {
        // SQLite begins this transaction immediate; on PostgreSQL the advisory lock keeps two starting instances apart.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (dialect is DatabaseDialect.PostgreSql)
        {
            await ExecuteAsync(connection, transaction, "SELECT pg_advisory_xact_lock(6020)", cancellation);
        }

        await ExecuteAsync(connection, transaction,
            "CREATE TABLE IF NOT EXISTS schema_migrations (version bigint NOT NULL PRIMARY KEY, checksum text NOT NULL, applied_at bigint NOT NULL)",
            cancellation);
        var applied = await AppliedAsync(connection, transaction, cancellation);
        Check(applied, scripts);
        foreach (var script in scripts)
        {
            if (applied.ContainsKey(script.Version))
            {
                continue;
            }

            await ExecuteAsync(connection, transaction, script.Sql, cancellation);
            await ExecuteAsync(connection, transaction, string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO schema_migrations (version, checksum, applied_at) VALUES ({script.Version}, '{script.Checksum}', {time.GetUtcNow().ToUnixTimeMilliseconds()})"),
                cancellation);
        }

        var lineage = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await ExecuteAsync(connection, transaction,
            $"INSERT INTO lineage (id, lineage, epoch) VALUES (1, '{lineage}', 1) ON CONFLICT (id) DO NOTHING", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static void Check(Dictionary<long, string> applied, IReadOnlyList<MigrationScript> scripts)
    {
        var newest = applied.Count == 0 ? 0 : applied.Keys.Max();
        if (newest > scripts.Count)
        {
            throw new ControlPlaneException(ControlPlaneCodes.SchemaNewer,
                string.Create(CultureInfo.InvariantCulture, $"the database has schema version {newest}, this release knows up to {scripts.Count}"),
                "start the release that migrated the database, or a newer one; restore a backup from before the upgrade to go back");
        }

        foreach (var script in scripts)
        {
            if (applied.TryGetValue(script.Version, out var checksum) && !string.Equals(checksum, script.Checksum, StringComparison.Ordinal))
            {
                throw new ControlPlaneException(ControlPlaneCodes.SchemaDiffers,
                    string.Create(CultureInfo.InvariantCulture, $"schema step {script.Version} was applied with another text than this release has"),
                    "start the release that created the database; a released schema step never changes, so one of the two is not an official build");
            }
        }
    }

    private static async Task<Dictionary<long, string>> AppliedAsync(
        DbConnection connection, DbTransaction transaction, CancellationToken cancellation)
    {
        var applied = new Dictionary<long, string>();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT version, checksum FROM schema_migrations";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            applied[reader.GetInt64(0)] = reader.GetString(1);
        }

        return applied;
    }

    private static async Task ExecuteAsync(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every text comes from our own resources and constants; numbers and hexadecimal digests are all that is inserted.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
