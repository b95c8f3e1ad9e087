using System.Collections.Immutable;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Edge.Webhooks;

/// <summary>Checks requests to policies that let a webhook's deliveries alone pass: first the head, then, if that may pass, the body.</summary>
internal sealed class WebhookIntake(Lazy<CallerVerifier> callers, IncomingRequests requests, WebhookMetrics metrics)
{
    private static readonly WebhookCheck[] None = [];

    /// <summary>Looks at the head, once for each provider that is demanded.</summary>
    public WebhookCheck[] Inspect(
        HttpContext context, PolicySnapshot snapshot, in OriginalRequest request, ImmutableArray<string> webhooks, bool forwarding)
    {
        if (webhooks.IsEmpty)
        {
            return None;
        }

        var incoming = requests.Rent();
        incoming.Begin(context, snapshot, request, forwarding);
        var checks = new WebhookCheck[webhooks.Length];
        for (var i = 0; i < checks.Length; i++)
        {
            checks[i] = callers.Value.Webhooks.Inspect(webhooks[i], incoming, context.Request.ContentLength);
        }

        requests.Return(incoming);
        return checks;
    }

    /// <summary>How much of the body the checks need; 0 for none of it.</summary>
    public static int BodyBytes(WebhookCheck[] checks)
    {
        var bytes = 0;
        foreach (var check in checks)
        {
            bytes = check.NeedsBody ? Math.Max(bytes, check.MaxBodyBytes) : bytes;
        }

        return bytes;
    }

    /// <summary>Ends the checks with what was read of the body. Nothing ends when reading it has failed: the request is refused for that.</summary>
    public void Verify(WebhookCheck[] checks, in BodyReading reading)
    {
        if (reading.Refusal is not null)
        {
            return;
        }

        foreach (var check in checks)
        {
            if (reading.Body is { IsWhole: true } body)
            {
                callers.Value.Webhooks.Verify(check, body.Raw.Span);
            }
            else
            {
                WebhookVerifier.Abandon(check, isTooLong: reading.Body is not null);
            }

            metrics.Count(check.Webhook, check.Outcome);
        }
    }

    /// <summary>Tells the engine what came of the checks.</summary>
    public static void Fill(WebhookCheck[] checks, FactSet facts)
    {
        foreach (var check in checks)
        {
            facts.Deliveries.Set(check.Webhook, StateOf(check.Outcome));
        }
    }

    /// <summary>What lets the request's deliveries go, as one; null for none.</summary>
    public static Delivery? DeliveryOf(WebhookCheck[] checks)
    {
        Delivery? delivery = null;
        foreach (var check in checks)
        {
            delivery = Delivery.Join(check.Delivery, delivery);
        }

        return delivery;
    }

    private static DeliveryState StateOf(WebhookOutcome outcome) => outcome switch
    {
        WebhookOutcome.None => DeliveryState.None,
        WebhookOutcome.Verified => DeliveryState.Verified,
        WebhookOutcome.TooLarge => DeliveryState.TooLarge,
        WebhookOutcome.Replayed => DeliveryState.Replayed,
        WebhookOutcome.Full => DeliveryState.NoRoom,
        _ => DeliveryState.Invalid,
    };
}
