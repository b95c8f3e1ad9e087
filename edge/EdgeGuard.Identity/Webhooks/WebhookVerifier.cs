using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Webhooks;

/// <summary>
/// Verifies deliveries of webhooks: HMAC-SHA256 over the body as it came, the time signed, and that each passes once. First the head of a request is
/// looked at, so that a body is read only for what may pass. Thread-safe.
/// </summary>
public sealed class WebhookVerifier
{
    /// <summary>Deliveries remembered at a time over all providers; some 100 MiB when full.</summary>
    public const int DefaultCapacity = 1_048_576;

    private readonly TimeProvider _time;
    private readonly FailureLimiter _failures;
    private readonly DeliveryMemory _memory;
    private readonly AgeLimits _tolerances;
    private readonly Lock _lock = new();
    private FrozenDictionary<string, WebhookProvider> _providers = FrozenDictionary<string, WebhookProvider>.Empty;

    internal WebhookVerifier(TimeProvider time, FailureLimiter failures, int capacity = DefaultCapacity)
    {
        _time = time;
        _failures = failures;
        _memory = new DeliveryMemory(capacity);
        _tolerances = new AgeLimits(time);
    }

    /// <summary>Deliveries remembered.</summary>
    public int Remembered => _memory.Count;

    /// <summary>Whether a resolved secret can be a key of a scheme: long enough, and base64 where the scheme says so.</summary>
    public static bool IsUsableSecret(WebhookScheme scheme, string secret) => WebhookSecret.TryRead(scheme, secret, out _);

    /// <summary>Takes a bundle's providers into use, as a whole, their secrets resolved. What was remembered stays.</summary>
    public void Use(ImmutableArray<WebhookDefinition> webhooks)
    {
        lock (_lock)
        {
            var tolerances = _tolerances.Use(webhooks.DistinctBy(webhook => webhook.Id).Select(webhook => (webhook.Id, webhook.Tolerance)), ahead: true);
            var providers = new Dictionary<string, WebhookProvider>(StringComparer.Ordinal);
            foreach (var definition in webhooks)
            {
                if (WebhookProvider.TryCreate(definition, tolerances[definition.Id], out var provider))
                {
                    providers[definition.Id] = provider!;
                }
            }

            Volatile.Write(ref _providers, providers.ToFrozenDictionary(StringComparer.Ordinal));
        }
    }

    /// <summary>Looks at the head of a request. Never throws for bad input.</summary>
    /// <param name="webhook">Id of the provider that it has to come from.</param>
    /// <param name="request">The request.</param>
    /// <param name="declaredLength">Length of its body as declared, or null.</param>
    public WebhookCheck Inspect(string webhook, IIncomingRequest request, long? declaredLength)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!Volatile.Read(ref _providers).TryGetValue(webhook, out var provider))
        {
            return new WebhookCheck(webhook, null, PresentedSignature.Failed(WebhookOutcome.Unknown), []);
        }

        var presented = provider.Read(request, out var values);
        var check = new WebhookCheck(webhook, provider, presented, values) { Client = request.ClientAddress };
        if (presented.Outcome == WebhookOutcome.None)
        {
            return check;
        }

        if (_failures.IsExhausted(check.Client))
        {
            check.Outcome = WebhookOutcome.TooManyFailures;
        }
        else if (presented.Outcome != WebhookOutcome.Verified)
        {
            Fail(check, presented.Outcome);
        }
        else if (provider.IsTimed && !IsInTime(check, provider.Tolerance))
        {
            Fail(check, WebhookOutcome.OutOfTime);
        }
        else if (declaredLength > provider.Definition.MaxBodyBytes)
        {
            check.Outcome = WebhookOutcome.TooLarge;
        }

        return check;
    }

    /// <summary>Checks the signature over a body, and that the delivery is the first of its kind. The check's outcome is final then.</summary>
    /// <param name="check">Of the head; nothing happens unless it needs the body.</param>
    /// <param name="body">The body, byte for byte as it came.</param>
    public void Verify(WebhookCheck check, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (!check.NeedsBody)
        {
            return;
        }

        if (body.Length > check.MaxBodyBytes)
        {
            check.Outcome = WebhookOutcome.TooLarge;
        }
        else if (!IsSigned(check, body))
        {
            Fail(check, WebhookOutcome.BadSignature);
        }
        else if (check.Provider!.IsTimed && !IsInTime(check, check.Provider.Tolerance))
        {
            // Its body took longer than its time lasts: what passed before is forgotten then, so that it could pass twice.
            check.Outcome = WebhookOutcome.OutOfTime;
        }
        else
        {
            Remember(check, body);
        }
    }

    /// <summary>Ends a check whose body is not to be had.</summary>
    /// <param name="check">Of the head.</param>
    /// <param name="isTooLong">Whether it is longer than was read; otherwise nobody has shown it.</param>
    public static void Abandon(WebhookCheck check, bool isTooLong)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (check.NeedsBody)
        {
            check.Outcome = isTooLong ? WebhookOutcome.TooLarge : WebhookOutcome.NoBody;
        }
    }

    private void Fail(WebhookCheck check, WebhookOutcome outcome)
    {
        check.Outcome = outcome;
        _failures.Charge(check.Client);
    }

    // Digits alone: a sign, a blank or a fraction would be another text for the same time.
    private bool IsInTime(WebhookCheck check, AgeLimit tolerance)
    {
        if (check.Presented.Timestamp.Length > 12
            || !long.TryParse(check.Presented.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return false;
        }

        check.TimestampMilliseconds = seconds * 1000;
        return Math.Abs(Now - check.TimestampMilliseconds) <= tolerance.For(seconds).TotalMilliseconds;
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    // Every key and every candidate is looked at, so that the time tells nothing of which one fits.
    private static bool IsSigned(WebhookCheck check, ReadOnlySpan<byte> body)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var fits = false;
        foreach (var key in check.Provider!.Keys)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            Append(hash, check, body);
            hash.GetHashAndReset(expected);
            foreach (var candidate in check.Presented.Candidates)
            {
                fits |= CryptographicOperations.FixedTimeEquals(expected, candidate);
            }
        }

        return fits;
    }

    // By its signed id, or else by what is signed: not by the signature, of which there are several while secrets are rotated.
    private void Remember(WebhookCheck check, ReadOnlySpan<byte> body)
    {
        var provider = check.Provider!;
        var id = SignedIdOf(provider, check);
        using var hash = _memory.BeginKey(check.Webhook, id is null ? "signed" : "id");
        if (id is null)
        {
            Append(hash, check, body);
        }
        else
        {
            hash.AppendData(id);
        }

        // For as long as its time would be accepted at the least. Without an id not longer, because then it is refused for its time.
        var now = Now;
        var window = now + (long)provider.Definition.ReplayWindow.TotalMilliseconds;
        var inTime = provider.IsTimed ? check.TimestampMilliseconds + (long)provider.Tolerance.For(check.TimestampMilliseconds / 1000).TotalMilliseconds + 1 : 0;
        var until = provider.IsTimed && id is null ? inTime : Math.Max(window, inTime);
        check.Outcome = _memory.Add(check.Webhook, DeliveryMemory.EndKey(hash), until, now, out var delivery);
        check.Delivery = delivery;
    }

    private static byte[]? SignedIdOf(WebhookProvider provider, WebhookCheck check)
    {
        for (var i = 0; i < provider.Parts.Length; i++)
        {
            var part = provider.Parts[i];
            if (part.Kind == WebhookPartKind.Id || (part.Kind == WebhookPartKind.Header && part.Text == provider.IdHeader))
            {
                return check.Values[i];
            }
        }

        return null;
    }

    private static void Append(IncrementalHash hash, WebhookCheck check, ReadOnlySpan<byte> body)
    {
        foreach (var value in check.Values)
        {
            hash.AppendData(value is null ? body : value);
        }
    }
}
