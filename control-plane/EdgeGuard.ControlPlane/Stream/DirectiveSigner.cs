using System.Text.Json;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Signs directives for one edge with its own key.</summary>
internal sealed class DirectiveSigner(SigningKey key, string edgeId, TimeProvider time)
{
    // One for the process: an edge that comes back on a new stream must get a higher number than on its last one.
    private static long _lastHeartbeat;

    /// <summary>The whole set of kill switches.</summary>
    public string KillSwitches(DirectiveState state) =>
        Sign(DocumentType.KillSwitches, state, state.KillSwitches.Sequence, state.KillSwitches.Payload);

    /// <summary>The whole set of revocations.</summary>
    public string Revocations(DirectiveState state) =>
        Sign(DocumentType.Revocations, state, state.Revocations.Sequence, state.Revocations.Payload);

    /// <summary>The whole set of API keys.</summary>
    public string ApiKeys(DirectiveState state) =>
        Sign(DocumentType.ApiKeys, state, state.ApiKeys.Sequence, state.ApiKeys.Payload);

    /// <summary>A bundle.</summary>
    public string Bundle(DirectiveState state, long version, byte[] document, DateTimeOffset? expiresAt) =>
        Sign(DocumentType.Bundle, state, version, document, expiresAt);

    /// <summary>Leases of one holder. They need no order, so the sequence is the clock in milliseconds.</summary>
    public string Lease(DirectiveState state, byte[] payload) =>
        Sign(DocumentType.Lease, state, time.GetUtcNow().ToUnixTimeMilliseconds(), payload);

    /// <summary>What is current. Its sequence is the clock in milliseconds, pushed on where the clock stands still or goes back.</summary>
    public string Heartbeat(DirectiveState state)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var sequence = NextHeartbeat(now);
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new HeartbeatPayload(
                state.Epoch, state.KillSwitches.Sequence, state.Bundle?.Version ?? 0, now, state.Revocations.Sequence, state.ApiKeys.Sequence),
            ContractsJson.Default.HeartbeatPayload);
        return Sign(DocumentType.Heartbeat, state, sequence, payload);
    }

    private static long NextHeartbeat(long now)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastHeartbeat);
            var next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _lastHeartbeat, next, last) == last)
            {
                return next;
            }
        }
    }

    private string Sign(DocumentType type, DirectiveState state, long sequence, byte[] payload, DateTimeOffset? expiresAt = null) =>
        DocumentSigner.Sign(
            new DocumentHeader(type, key.Id, edgeId, state.Lineage, state.Epoch, sequence, time.GetUtcNow(), expiresAt), payload, key);
}
