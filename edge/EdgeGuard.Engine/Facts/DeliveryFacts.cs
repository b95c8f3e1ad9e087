namespace EdgeGuard.Engine.Facts;

/// <summary>What is known of a request as the delivery of webhooks, one entry for each provider that a policy names. Reused from request to request.</summary>
public sealed class DeliveryFacts
{
    private readonly List<(string Webhook, DeliveryState State)> _entries = [];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (_entries.Count > 0)
        {
            _entries.Clear();
        }
    }

    /// <summary>Tells what came of one provider's check.</summary>
    /// <param name="webhook">Id of the provider.</param>
    /// <param name="state">What came of it.</param>
    public void Set(string webhook, DeliveryState state) => _entries.Add((webhook, state));

    /// <summary>What is known of the request as a provider's delivery.</summary>
    public DeliveryState StateOf(string webhook)
    {
        foreach (var entry in _entries)
        {
            if (string.Equals(entry.Webhook, webhook, StringComparison.Ordinal))
            {
                return entry.State;
            }
        }

        return DeliveryState.None;
    }
}
