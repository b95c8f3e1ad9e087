using System.Collections.Concurrent;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Edge.Webhooks;

/// <summary>Metrics of webhooks' deliveries.</summary>
internal sealed class WebhookMetrics(Lazy<CallerVerifier> callers) : IMetricSource
{
    // Of the bundles of a long life; further providers are counted together.
    private const int MaxProviders = 10_000;

    private static readonly WebhookOutcome[] Outcomes = Enum.GetValues<WebhookOutcome>();

    private readonly ConcurrentDictionary<string, long[]> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts what became of a request to a policy that demands a provider's delivery.</summary>
    public void Count(string webhook, WebhookOutcome outcome)
    {
        if (!_counts.TryGetValue(webhook, out var counts))
        {
            counts = _counts.GetOrAdd(_counts.Count < MaxProviders ? webhook : "other", static _ => new long[Outcomes.Length]);
        }

        Interlocked.Increment(ref counts[(int)outcome]);
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_webhooks_total", "counter", "Requests to policies that let a webhook's deliveries alone pass, by provider and what became of them.");
        foreach (var (webhook, counts) in _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach (var outcome in Outcomes)
            {
                if (Interlocked.Read(ref counts[(int)outcome]) is > 0 and var count)
                {
                    writer.Sample(count, ("webhook", webhook), ("outcome", WebhookOutcomes.Name(outcome)));
                }
            }
        }

        writer.Single(
            "edgeguard_webhook_deliveries_remembered",
            "gauge",
            "Deliveries that are remembered, so that none passes twice.",
            callers.IsValueCreated ? callers.Value.Webhooks.Remembered : 0);
    }
}
