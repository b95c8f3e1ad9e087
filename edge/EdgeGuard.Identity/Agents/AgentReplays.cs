using System.Text;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Agents;

/// <summary>Lets no signature of an agent pass twice.</summary>
internal sealed class AgentReplays(TimeProvider time, int capacity = AgentReplays.DefaultCapacity)
{
    /// <summary>Some 100 MiB when full: 3 000 signed requests a second over the usual five minutes, a quarter of them of one agent.</summary>
    public const int DefaultCapacity = 1_048_576;

    private readonly ReplayCache _cache = new(capacity, time);

    /// <summary>How it stands.</summary>
    public ReplayStatus Status => _cache.StatusOf("agent");

    /// <summary>Whether a nonce has passed and is not to pass again. Of one that is not known nothing is remembered.</summary>
    /// <param name="agent">Who is said to have signed.</param>
    /// <param name="nonce">The nonce.</param>
    public bool Knows(Agent agent, string nonce) => _cache.Knows(agent.Definition.Id, "nonce", Encoding.UTF8.GetBytes(nonce));

    /// <summary>
    /// The word of what is wrong, or null. A nonce passes once. Without one the signed bytes pass once, unless the method is safe (RFC 9110 section
    /// 9.2.1): reading twice changes nothing. The bytes and not the signature, because an ECDSA signature can be changed into another one that fits.
    /// </summary>
    /// <param name="agent">Who signed, verified.</param>
    /// <param name="nonce">Its nonce, or null.</param>
    /// <param name="signed">What was signed.</param>
    /// <param name="method">Method of the request.</param>
    /// <param name="created">When it was signed, seconds since 1970.</param>
    public string? Check(Agent agent, string? nonce, ReadOnlySpan<byte> signed, string method, long created)
    {
        if (nonce is null && method is "GET" or "HEAD" or "OPTIONS" or "TRACE")
        {
            return null;
        }

        var until = SignatureTime.RememberUntil(created, agent.MaxAge.For(created));
        var outcome = nonce is null
            ? _cache.Add(agent.Definition.Id, "signed", signed, until)
            : _cache.Add(agent.Definition.Id, "nonce", Encoding.UTF8.GetBytes(nonce), until);
        return outcome switch
        {
            ReplayOutcome.First => null,
            ReplayOutcome.Replayed => AgentFailures.Replayed,
            ReplayOutcome.Late => AgentFailures.Expired,
            _ => AgentFailures.ReplaysFull,
        };
    }
}
