using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>Tells what a database error means, whichever database gave it.</summary>
internal static class StorageErrors
{
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;

    /// <summary>Whether a row with the same key exists.</summary>
    public static bool IsDuplicate(DbUpdateException error) => error.InnerException switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>Whether the database could not be reached or was busy for too long, so that trying again may help.</summary>
    public static bool IsUnavailable(Exception error) => error switch
    {
        DbUpdateException { InnerException: { } inner } => IsUnavailable(inner),
        InvalidOperationException { InnerException: DbException inner } => IsUnavailable(inner),
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 8 or 10 or 13 or 14,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql is not PostgresException,
        _ => false,
    };
}
