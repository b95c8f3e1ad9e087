using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Tokens verified and refused, and the age of each issuer's keys. Labels: a closed list of words, and issuer ids of the bundle.</summary>
internal sealed class IdentityMetrics(TokenVerifier tokens) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        var counters = tokens.Counters;
        writer.Single("edgeguard_tokens_verified_total", "counter", "Bearer tokens verified, those found in the cache included.", counters.Verified);
        writer.Single("edgeguard_token_cache_hits_total", "counter", "Bearer tokens found in the cache of verified tokens.", counters.CacheHits);
        writer.Family("edgeguard_tokens_refused_total", "counter", "Bearer tokens that did not verify, by reason.");
        foreach (var failure in TokenFailures.All)
        {
            writer.Sample(counters.Refused(failure), ("failure", failure));
        }

        var issuers = tokens.GetStatus();
        writer.Family("edgeguard_key_set_fetches_total", "counter", "Fetches of an issuer's key set.");
        foreach (var issuer in issuers)
        {
            writer.Sample(issuer.FetchesOk, ("issuer", issuer.IssuerId), ("result", "ok"));
            writer.Sample(issuer.FetchesFailed, ("issuer", issuer.IssuerId), ("result", "failed"));
        }

        writer.Family("edgeguard_key_set_age_seconds", "gauge", "Time since an issuer's key set was last fetched well; missing until then.");
        foreach (var issuer in issuers)
        {
            if (issuer.KeySetAge is { } age)
            {
                writer.Sample(age.TotalSeconds, ("issuer", issuer.IssuerId));
            }
        }
    }
}
