using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of the key sets that tokens are verified with, and of clients whose credentials fail.</summary>
internal sealed class IdentityMetrics(Lazy<CallerVerifier> callers) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        var issuers = callers.IsValueCreated ? callers.Value.Tokens.GetStatus() : [];
        writer.Family("edgeguard_jwks_keys", "gauge", "Usable keys by issuer of the bundle.");
        foreach (var issuer in issuers)
        {
            writer.Sample(issuer.KeyCount, ("issuer", issuer.IssuerId));
        }

        writer.Family("edgeguard_jwks_age_seconds", "gauge", "Seconds since an issuer's key set was last fetched; +Inf for never.");
        foreach (var issuer in issuers)
        {
            writer.Sample(issuer.KeySetAge?.TotalSeconds ?? double.PositiveInfinity, ("issuer", issuer.IssuerId));
        }

        writer.Family("edgeguard_jwks_fetches_total", "counter", "Fetches of an issuer's key set.");
        foreach (var issuer in issuers)
        {
            writer.Sample(issuer.FetchesOk, ("issuer", issuer.IssuerId), ("result", "ok"));
            writer.Sample(issuer.FetchesFailed, ("issuer", issuer.IssuerId), ("result", "failed"));
        }

        WriteDirectories(writer);
        WriteReplays(writer);
        writer.Family("edgeguard_credentials_unchecked_total", "counter", "Credentials refused unchecked, because too many of their client's had failed.");
        writer.Sample(callers.IsValueCreated ? callers.Value.RefusedUnchecked : 0);
    }

    private void WriteDirectories(MetricWriter writer)
    {
        var directories = callers.IsValueCreated ? callers.Value.AgentDirectories : [];
        writer.Family("edgeguard_agent_directory_keys", "gauge", "Keys of an agent's key directory.");
        foreach (var directory in directories)
        {
            writer.Sample(directory.KeyCount, ("agent", directory.AgentId));
        }

        writer.Family("edgeguard_agent_directory_age_seconds", "gauge", "Seconds since an agent's key directory was last fetched; +Inf for never.");
        foreach (var directory in directories)
        {
            writer.Sample(directory.Age?.TotalSeconds ?? double.PositiveInfinity, ("agent", directory.AgentId));
        }

        writer.Family("edgeguard_agent_directory_fetches_total", "counter", "Fetches of an agent's key directory.");
        foreach (var directory in directories)
        {
            writer.Sample(directory.FetchesOk, ("agent", directory.AgentId), ("result", "ok"));
            writer.Sample(directory.FetchesFailed, ("agent", directory.AgentId), ("result", "failed"));
        }
    }

    private void WriteReplays(MetricWriter writer)
    {
        var memories = callers.IsValueCreated ? callers.Value.Replays : [];
        writer.Family("edgeguard_replays_remembered", "gauge", "Nonces, signatures and proofs that are remembered, so that none passes twice.");
        foreach (var memory in memories)
        {
            writer.Sample(memory.Remembered, ("memory", memory.Memory));
        }

        writer.Family("edgeguard_replays_refused_total", "counter", "Nonces, signatures and proofs refused for what is remembered.");
        foreach (var memory in memories)
        {
            writer.Sample(memory.Replayed, ("memory", memory.Memory), ("reason", "replayed"));
            writer.Sample(memory.Full, ("memory", memory.Memory), ("reason", "full"));
        }
    }
}
