using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.Options;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>Where the tables are, and how a context for one organization is opened. One a process.</summary>
internal sealed class Database : IDisposable
{
    private static readonly SqliteConnectionSetup ConnectionSetup = new();

    private readonly DbContextOptions<ControlPlaneDbContext> _options;

    private Database(DatabaseDialect dialect, string connectionString)
    {
        Dialect = dialect;
        ConnectionString = connectionString;
        var builder = new DbContextOptionsBuilder<ControlPlaneDbContext>();
        _options = dialect is DatabaseDialect.Sqlite
            ? builder.UseSqlite(connectionString).AddInterceptors(ConnectionSetup).Options
            : builder.UseNpgsql(connectionString).Options;
    }

    public DatabaseDialect Dialect { get; }

    /// <summary>Holds the password of PostgreSQL: never printed.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// One writer at a time within this process on SQLite: waiting here is fair and costs nothing, waiting for SQLite's own lock is
    /// polling with sleeps on a pool thread. On PostgreSQL nothing waits here.
    /// </summary>
    public SemaphoreSlim WriteGate { get; } = new(1, 1);

    /// <summary>The database that the options name.</summary>
    public static Database From(ControlPlaneOptions options) => options.PostgresConnection is { } postgres
        ? new Database(DatabaseDialect.PostgreSql, postgres.Reveal())
        : new Database(DatabaseDialect.Sqlite, new SqliteConnectionStringBuilder
        {
            DataSource = PrivateFile.Ensure(Path.Combine(options.DataDir, "control-plane.db")),
            ForeignKeys = true,
        }.ConnectionString);

    /// <summary>A context that sees the rows of the scope's organization.</summary>
    public ControlPlaneDbContext Open(OrganizationScope scope) => new(_options, scope);

    /// <summary>Takes the lock that serializes the writes of one organization until the transaction ends.</summary>
    /// <remarks>SQLite: the transaction began immediate, which already is that lock.</remarks>
    public async Task LockOrganizationAsync(DatabaseFacade facade, string organizationId, CancellationToken cancellation)
    {
        if (Dialect is DatabaseDialect.PostgreSql)
        {
            await facade.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({organizationId}, 60))", cancellation);
        }
    }

    /// <summary>Takes the lock that lets exchanges about leases of one organization run one after the other, until the transaction ends.</summary>
    /// <remarks>A lock of its own: who adds a kill switch never waits for a lease. SQLite has one writer anyway.</remarks>
    public async Task LockLeasesAsync(DatabaseFacade facade, string organizationId, CancellationToken cancellation)
    {
        if (Dialect is DatabaseDialect.PostgreSql)
        {
            await facade.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({organizationId}, 61))", cancellation);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        WriteGate.Dispose();
        if (Dialect is DatabaseDialect.Sqlite)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
        else
        {
            using var connection = new NpgsqlConnection(ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
