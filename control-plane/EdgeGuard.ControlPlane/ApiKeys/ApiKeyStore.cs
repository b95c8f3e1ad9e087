using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Revocations;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>
/// Makes, rotates and revokes API keys. The set of edges is read once, within the transaction, and published from memory the moment that it is
/// committed. The value of a key is returned and never kept: only its SHA-256 is.
/// </summary>
internal sealed class ApiKeyStore(
    Writer writer, KeyMaterial keys, ApiKeyReader reader, RevocationStore revocations, DirectiveLoader loader, DirectiveHub hub, ILogger<ApiKeyStore> log)
{
    /// <summary>Most keys at a time, of an organization.</summary>
    public const int MaxKeys = 10_000;

    // The key is out of the set as well, so this only has to outlast edges that hold the key in a bundle of their own.
    private static readonly TimeSpan RevocationKept = TimeSpan.FromDays(365);

    /// <summary>Makes one.</summary>
    /// <exception cref="SetFullException">There are too many.</exception>
    public async Task<MadeApiKey> CreateAsync(Caller caller, CreateApiKey request, CancellationToken cancellation)
    {
        var (made, state) = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            var (value, row) = await InsertAsync(write, caller, request, null, token);
            write.Audit(AuditActions.ApiKeyCreate, "api_key:" + row.Id, null, Snapshot(row, request));
            return await FinishAsync(write, new MadeApiKey(value, row, null), token);
        }, cancellation);
        Publish(state);
        return made;
    }

    /// <summary>Makes one in the place of another, which ends after the overlap.</summary>
    /// <returns>The new one, or null when there is no such key, or it was rotated already.</returns>
    /// <exception cref="SetFullException">There are too many.</exception>
    public async Task<MadeApiKey?> RotateAsync(Caller caller, string id, TimeSpan overlap, CancellationToken cancellation)
    {
        var (made, state) = await writer.WriteAsync<(MadeApiKey?, DirectiveState?)>(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            if (await FindAsync(write, id, token) is not { ReplacedBy: null } old)
            {
                return (null, null);
            }

            var definition = reader.Definition(old);
            var lifetime = old.ExpiresAt - old.NotBefore;
            var before = Snapshot(old, definition);
            var (value, row) = await InsertAsync(
                write, caller, definition with { NotBefore = null, ExpiresAt = lifetime is null ? null : write.Now + lifetime }, id, token);
            var end = WholeSecond(write.Now + overlap);
            old.ExpiresAt = old.ExpiresAt < end ? old.ExpiresAt : end;
            old.ReplacedBy = row.Id;
            old.Sequence = row.Sequence;
            write.Audit(AuditActions.ApiKeyRotate, "api_key:" + id, before, Snapshot(old, definition));
            return await FinishAsync(write, new MadeApiKey(value, row, old.ExpiresAt), token);
        }, cancellation);
        Publish(state);
        return made;
    }

    /// <summary>Revokes one: out of the set, and void by a revocation as well, whatever else holds it. False when there is no such key.</summary>
    public async Task<bool> RevokeAsync(Caller caller, string id, string reason, CancellationToken cancellation)
    {
        var state = await writer.WriteAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            if (await FindAsync(write, id, token) is not { } row)
            {
                return null;
            }

            var definition = reader.Definition(row);
            var before = Snapshot(row, definition);
            row.RemovedAt = write.Now;
            row.RemovedBy = caller.Credential.UserId ?? caller.Actor.Name;
            row.RemovalReason = reason;
            row.Sequence = await write.NextSequenceAsync(SequenceKinds.ApiKeys, token);
            write.Audit(AuditActions.ApiKeyRevoke, "api_key:" + id, before, Snapshot(row, definition, reason));

            // A second later than now, so that a key of this very second is void too.
            await revocations.InsertAsync(
                write, caller, new CreateRevocation("key", id, write.Now.AddSeconds(1), reason, write.Now + RevocationKept), token);
            await write.Rows.SaveChangesAsync(token);
            return await loader.LoadAsync(write.Rows, write.OrganizationId, token);
        }, cancellation);
        Publish(state);
        return state is not null;
    }

    private static Task<ApiKeyRow?> FindAsync(WriteTransaction write, string id, CancellationToken cancellation) =>
        write.Rows.ApiKeys.SingleOrDefaultAsync(
            row => row.Id == id && row.RemovedAt == null && (row.ExpiresAt == null || row.ExpiresAt > write.Now), cancellation);

    private async Task<(string Value, ApiKeyRow Row)> InsertAsync(
        WriteTransaction write, Caller caller, CreateApiKey request, string? replaces, CancellationToken cancellation)
    {
        await EndExpiredAsync(write, cancellation);
        var value = ApiKeyText.Create(ApiKeyReader.IsPublishable(request), request.Environment ?? "live");
        var digest = new byte[SHA256.HashSizeInBytes];
        ApiKeyText.Digest(value, digest);
        var id = "key-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var row = new ApiKeyRow
        {
            Id = id,
            OrganizationId = write.OrganizationId,
            KeyHash = digest,
            DefinitionCipher = keys.Columns.Protect(
                ApiKeyReader.DefinitionPlace(id), write.OrganizationId, JsonSerializer.Serialize(request, ContractsJson.Default.CreateApiKey)),
            NotBefore = WholeSecond(request.NotBefore ?? write.Now),
            ExpiresAt = request.ExpiresAt is { } end ? WholeSecond(end) : null,
            Replaces = replaces,
            AuthorId = caller.Credential.UserId ?? caller.Actor.Name,
            CreatedAt = write.Now,
            Sequence = await write.NextSequenceAsync(SequenceKinds.ApiKeys, cancellation),
        };
        write.Rows.ApiKeys.Add(row);
        return (value, row);
    }

    // Expired keys leave the set with the next change of it, which has a sequence number of its own.
    private static async Task EndExpiredAsync(WriteTransaction write, CancellationToken cancellation)
    {
        foreach (var expired in await write.Rows.ApiKeys
            .Where(row => row.RemovedAt == null && row.ExpiresAt != null && row.ExpiresAt <= write.Now).ToListAsync(cancellation))
        {
            expired.RemovedAt = expired.ExpiresAt;
            expired.RemovedBy = ApiKeyEndpoints.Expiry;
            expired.RemovalReason = "expired";
        }

        await write.Rows.SaveChangesAsync(cancellation);
    }

    private async Task<(MadeApiKey Made, DirectiveState State)> FinishAsync(WriteTransaction write, MadeApiKey made, CancellationToken cancellation)
    {
        await write.Rows.SaveChangesAsync(cancellation);
        var state = await loader.LoadAsync(write.Rows, write.OrganizationId, cancellation);
        if (state.ApiKeys.Count > MaxKeys || state.ApiKeys.Payload.Length > DirectiveSet.MaxBytes)
        {
            throw new SetFullException();
        }

        return (made, state);
    }

    private void Publish(DirectiveState? state)
    {
        if (state is not null)
        {
            var told = hub.Publish(state);
            ControlPlaneLog.SetChanged(log, state.ApiKeys.Sequence, SequenceKinds.ApiKeys, state.OrganizationId, state.ApiKeys.Count, told);
        }
    }

    // Down: a key is valid at once, and ends when it says or a moment before.
    private static DateTimeOffset WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static string Snapshot(ApiKeyRow row, CreateApiKey definition, string? reason = null)
    {
        var json = JsonSerializer.SerializeToNode(definition, ContractsJson.Default.CreateApiKey)!.AsObject();
        json["id"] = row.Id;
        json["not_before"] = row.NotBefore.ToString("O");
        json["expires_at"] = row.ExpiresAt?.ToString("O");
        json["replaced_by"] = row.ReplacedBy;
        json["revoked"] = row.RemovedAt is not null;
        if (reason is not null)
        {
            json["reason"] = reason;
        }

        return json.ToJsonString();
    }
}
