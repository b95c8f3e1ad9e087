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

        writer.Family("edgeguard_credentials_unchecked_total", "counter", "Credentials refused unchecked, because too many of their client's had failed.");
        writer.Sample(callers.IsValueCreated ? callers.Value.RefusedUnchecked : 0);
    }
}
