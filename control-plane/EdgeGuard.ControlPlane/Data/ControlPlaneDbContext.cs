using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// The tables, filtered by organization in the model itself: a handler that forgets to filter still sees its caller's rows only, and
/// a row of another organization cannot be written either.
/// </summary>
internal sealed class ControlPlaneDbContext(DbContextOptions<ControlPlaneDbContext> options, OrganizationScope scope) : DbContext(options)
{
    /// <summary>Whose rows are visible; null sees none.</summary>
    public string? CurrentOrganization => scope.OrganizationId;

    public DbSet<LineageRow> Lineage => Set<LineageRow>();

    public DbSet<OrganizationRow> Organizations => Set<OrganizationRow>();

    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<AccessTokenRow> AccessTokens => Set<AccessTokenRow>();

    public DbSet<EdgeRow> Edges => Set<EdgeRow>();

    public DbSet<EdgeTokenRow> EdgeTokens => Set<EdgeTokenRow>();

    public DbSet<BundleVersionRow> BundleVersions => Set<BundleVersionRow>();

    public DbSet<KillSwitchRow> KillSwitches => Set<KillSwitchRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<RevocationRow> Revocations => Set<RevocationRow>();

    public DbSet<DirectiveSequenceRow> DirectiveSequences => Set<DirectiveSequenceRow>();

    public DbSet<TelemetryBatchRow> TelemetryBatches => Set<TelemetryBatchRow>();

    public DbSet<TelemetryRollupRow> TelemetryRollups => Set<TelemetryRollupRow>();

    public DbSet<TelemetryLatencyRow> TelemetryLatency => Set<TelemetryLatencyRow>();

    public DbSet<LeaseOrganizationRow> LeaseOrganizations => Set<LeaseOrganizationRow>();

    public DbSet<LeaseBudgetRow> LeaseBudgets => Set<LeaseBudgetRow>();

    public DbSet<LeaseHolderRow> LeaseHolders => Set<LeaseHolderRow>();

    public DbSet<LeaseShareRow> LeaseShares => Set<LeaseShareRow>();

    public DbSet<LeaseHoldRow> LeaseHolds => Set<LeaseHoldRow>();

    public DbSet<AuditRow> AuditLog => Set<AuditRow>();

    /// <inheritdoc />
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IOrganizationOwned>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted &&
                (CurrentOrganization is null || !string.Equals(entry.Entity.OrganizationId, CurrentOrganization, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"A row of {entry.Metadata.GetTableName()} belongs to another organization.");
            }
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<LineageRow>().ToTable("lineage").HasKey(row => row.Id);
        modelBuilder.Entity<OrganizationRow>().ToTable("organizations").HasQueryFilter(row => row.Id == CurrentOrganization)
            .HasKey(row => row.Id);
        Owned<UserRow>(modelBuilder, "users").HasKey(row => row.Id);
        Owned<AccessTokenRow>(modelBuilder, "access_tokens").HasKey(row => row.Id);
        Owned<EdgeRow>(modelBuilder, "edges").HasKey(row => row.Id);
        Owned<EdgeTokenRow>(modelBuilder, "edge_tokens").HasKey(row => row.Id);
        Owned<BundleVersionRow>(modelBuilder, "bundle_versions").HasKey(row => new { row.OrganizationId, row.Version });
        Owned<KillSwitchRow>(modelBuilder, "kill_switches").HasKey(row => row.RowId);
        Owned<ApiKeyRow>(modelBuilder, "api_keys").HasKey(row => row.Id);
        Owned<RevocationRow>(modelBuilder, "revocations").HasKey(row => row.Id);
        Owned<DirectiveSequenceRow>(modelBuilder, "directive_sequences").HasKey(row => new { row.OrganizationId, row.Kind });
        Owned<TelemetryBatchRow>(modelBuilder, "telemetry_batches").HasKey(row => new { row.EdgeId, row.Epoch, row.Sequence });
        Owned<TelemetryRollupRow>(modelBuilder, "telemetry_rollups").HasKey(row => new
        {
            row.OrganizationId,
            row.EdgeId,
            row.Minute,
            row.Policy,
            row.Rule,
            row.Verdict,
            row.Reason,
            row.Route,
            row.Shadow,
            row.BundleVersion,
        });
        Owned<TelemetryLatencyRow>(modelBuilder, "telemetry_latency")
            .HasKey(row => new { row.OrganizationId, row.EdgeId, row.Minute, row.Bucket });
        Owned<LeaseOrganizationRow>(modelBuilder, "lease_organizations").HasKey(row => row.OrganizationId);
        Owned<LeaseBudgetRow>(modelBuilder, "lease_budgets").HasKey(row => new { row.OrganizationId, row.Budget });
        Owned<LeaseHolderRow>(modelBuilder, "lease_holders").HasKey(row => new { row.OrganizationId, row.Holder });
        Owned<LeaseShareRow>(modelBuilder, "lease_shares").HasKey(row => new { row.OrganizationId, row.Budget, row.Holder, row.FirstWindow });
        Owned<LeaseHoldRow>(modelBuilder, "lease_holds")
            .HasKey(row => new { row.OrganizationId, row.Budget, row.Key, row.WindowStart, row.Holder });
        Owned<AuditRow>(modelBuilder, "audit_log").HasKey(row => new { row.OrganizationId, row.Sequence });
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
                // Keys are assigned by us; a database default would hide a forgotten one.
                property.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
            }
        }
    }

    private EntityTypeBuilder<T> Owned<T>(ModelBuilder modelBuilder, string table)
        where T : class, IOrganizationOwned =>
        modelBuilder.Entity<T>().ToTable(table).HasQueryFilter(row => row.OrganizationId == CurrentOrganization);

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterUpper(character) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}
