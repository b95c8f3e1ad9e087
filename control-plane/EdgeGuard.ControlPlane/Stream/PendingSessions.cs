using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Challenges that wait for an answer: each lives a minute and is used once, right or wrong. At most 4 wait for one edge.</summary>
internal sealed class PendingSessions(TimeProvider time)
{
    /// <summary>How long a challenge may be answered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int PerEdge = 4;

    private readonly ConcurrentDictionary<string, PendingSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Opens a session; gives its id and challenge.</summary>
    public (string SessionId, string Challenge) Open(SessionRequest request)
    {
        var now = time.GetUtcNow();
        var own = _sessions.Where(entry => string.Equals(entry.Value.EdgeId, request.EdgeId, StringComparison.Ordinal))
            .OrderBy(entry => entry.Value.ValidUntil).ToList();
        foreach (var (id, _) in own.Take(Math.Max(0, own.Count - PerEdge + 1)))
        {
            _sessions.TryRemove(id, out _);
        }

        var sessionId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var challenge = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var skew = Math.Clamp(request.UnixMilliseconds, 0, 253_402_300_799_999) - now.ToUnixTimeMilliseconds();
        _sessions[sessionId] = new PendingSession(request.EdgeId, challenge, now + Lifetime, request, skew);
        return (sessionId, challenge);
    }

    /// <summary>Takes a session for good: a second answer to its challenge finds nothing. Null when unknown, expired or another edge's.</summary>
    public PendingSession? Take(string sessionId, string edgeId) =>
        _sessions.TryGetValue(sessionId, out var session) && string.Equals(session.EdgeId, edgeId, StringComparison.Ordinal) &&
        _sessions.TryRemove(sessionId, out session) && session.ValidUntil > time.GetUtcNow()
            ? session
            : null;

    /// <summary>Forgets what expired.</summary>
    public void Prune()
    {
        var now = time.GetUtcNow();
        foreach (var (id, session) in _sessions)
        {
            if (session.ValidUntil <= now)
            {
                _sessions.TryRemove(id, out _);
            }
        }
    }
}
