using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Revocations;

/// <summary>Reads the set in force as it is sent to edges.</summary>
internal sealed class RevocationReader(ColumnProtector columns, TimeProvider time)
{
    /// <summary>Kind of a row that is about one token; the others are those of bundles.</summary>
    public const string Token = "token";

    /// <summary>What a value's ciphertext is bound to.</summary>
    public static string ValuePlace(string id) => "revocations.value/" + id;

    /// <summary>Rows in force: neither removed nor expired, oldest first.</summary>
    public async Task<List<RevocationRow>> InForceAsync(ControlPlaneDbContext rows, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await rows.Revocations.AsNoTracking()
            .Where(row => row.RemovedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now))
            .OrderBy(row => row.Sequence).ThenBy(row => row.Id).ToListAsync(cancellation);
    }

    /// <summary>Whom or what a row is about.</summary>
    public string Value(RevocationRow row) => columns.Unprotect(ValuePlace(row.Id), row.OrganizationId, row.ValueCipher);

    /// <summary>
    /// The whole set with a sequence number. Entries that have expired since stay in it until the next change: they void only what is over anyway,
    /// and one sequence number must always stand for the same bytes.
    /// </summary>
    public async Task<DirectiveSet> SetAsync(ControlPlaneDbContext rows, long sequence, CancellationToken cancellation)
    {
        var present = await rows.Revocations.AsNoTracking().Where(row => row.RemovedAt == null)
            .OrderBy(row => row.Sequence).ThenBy(row => row.Id).ToListAsync(cancellation);
        return new DirectiveSet(sequence, BundleReader.WriteRevocations(Definition(present.Select(row => (row.Kind, Value(row), row.ValidAfter)))), present.Count);
    }

    /// <summary>Revocations in the form that bundles have.</summary>
    public static RevocationsDefinition Definition(IEnumerable<(string Kind, string Value, DateTimeOffset? Time)> items)
    {
        var after = ImmutableArray.CreateBuilder<TokensValidAfter>();
        var tokens = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (kind, value, validAfter) in items)
        {
            if (kind == Token)
            {
                tokens.Add(value);
            }
            else
            {
                after.Add(new TokensValidAfter(KindOf(kind), value, validAfter ?? DateTimeOffset.UnixEpoch));
            }
        }

        return new RevocationsDefinition { TokensValidAfter = after.ToImmutable(), TokenIds = [.. tokens] };
    }

    private static RevokedKind KindOf(string kind) => kind switch
    {
        "organization" => RevokedKind.Organization,
        "key" => RevokedKind.Key,
        _ => RevokedKind.Subject,
    };
}
