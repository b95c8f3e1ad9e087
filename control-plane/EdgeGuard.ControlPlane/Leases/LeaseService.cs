using System.Buffers.Text;
using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Exchanges about leases: one transaction each, answered when it is durable.</summary>
internal sealed class LeaseService(
    Database database, Writer writer, LeaseBudgets budgets, DirectiveHub hub, KeyMaterial keys, TimeProvider time, ILogger<LeaseService> log)
{
    /// <summary>Most bytes of a payload: base64url makes a third more of it, and the whole document stays below <see cref="LeaseLimits.MaxBodyBytes"/>.</summary>
    private const int MaxPayload = 180 * 1024;

    /// <summary>Works on an exchange; the answer's document is signed for the edge that asks, and null when the exchange was refused.</summary>
    public async Task<(LeaseOutcome Outcome, string? Signed)> ExchangeAsync(Caller caller, LeaseRequest request, CancellationToken cancellation)
    {
        var state = await hub.StateAsync(caller.OrganizationId, cancellation);
        var current = await budgets.CurrentAsync(caller.OrganizationId, cancellation);
        var (outcome, epoch) = await writer.IngestAsync(caller.OrganizationId, caller.Actor, async (write, token) =>
        {
            await database.LockLeasesAsync(write.Rows.Database, write.OrganizationId, token);
            var now = await write.Rows.Lineage.AsNoTracking().Select(row => row.Epoch).SingleAsync(token);
            var store = new DatabaseLeaseStore(write.Rows, write.OrganizationId);
            var done = await LeaseLedger.ExchangeAsync(
                store, new LeaseTerms(now, current), caller.EdgeId, request, time.GetUtcNow().ToUnixTimeMilliseconds(), token);
            return (done, now);
        }, cancellation);

        foreach (var (holder, document) in outcome.Others)
        {
            hub.Lease(holder.EdgeId, Payload(caller.OrganizationId, document));
        }

        if (outcome.Document is not { } answer)
        {
            return (outcome, null);
        }

        if (answer.Forfeit)
        {
            ControlPlaneLog.HolderRetired(log, caller.EdgeId);
        }

        var signer = new DirectiveSigner(
            keys.EdgeKey(caller.OrganizationId, caller.EdgeId, caller.Credential.KeyId), caller.EdgeId, time);
        return (outcome, signer.Lease(state with { Epoch = epoch }, Payload(caller.OrganizationId, answer)));
    }

    private byte[] Payload(string organizationId, LeaseDocument document)
    {
        var salted = document with { Salt = Base64Url.EncodeToString(keys.LeaseSalt(organizationId)) };
        while (true)
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(salted, ContractsJson.Default.LeaseDocument);
            if (payload.Length <= MaxPayload)
            {
                return payload;
            }

            // All of it is told again with the next exchange; what can wait longest goes first.
            salted = salted switch
            {
                { Recalls.Count: > 0 } => salted with { Recalls = Half(salted.Recalls) },
                { Grants.Count: > 0 } => salted with { Grants = Half(salted.Grants) },
                { Frozen.Count: > 0 } => salted with { Frozen = Half(salted.Frozen) },
                _ => salted with { Standing = Half(salted.Standing) },
            };
        }
    }

    private static List<T> Half<T>(IReadOnlyList<T> items) => items.Take(items.Count / 2).ToList();
}
