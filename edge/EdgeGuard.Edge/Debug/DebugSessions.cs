using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Debug;

/// <summary>
/// Debug sessions: whoever shows the secret gets a cookie, and answers to requests with that cookie say how they were decided. There are none
/// without a secret in the options.
/// </summary>
internal sealed class DebugSessions
{
    /// <summary>Sessions whose end is remembered; beyond them all sessions begun before end.</summary>
    private const int MaxEnded = 256;

    private readonly EdgeClock _clock;
    private readonly AttemptLimit _attempts = new();
    private readonly byte[] _secret = [];
    private readonly DebugCookie? _cookies;
    private readonly Lock _gate = new();
    private readonly Dictionary<DecisionId, DateTimeOffset> _ended = [];
    private DateTimeOffset _endedBefore = DateTimeOffset.MinValue;

    public DebugSessions(EdgeOptions options, EdgeClock clock)
    {
        _clock = clock;
        SecretHeader = options.HeaderPrefix + "Debug-Secret";
        CookieName = options.HeaderPrefix.Equals("X-Fairvisor-", StringComparison.OrdinalIgnoreCase) ? "fv_dbg" : "eg_dbg";
        if (options.DebugSessionSecret is { } secret)
        {
            var text = Encoding.UTF8.GetBytes(secret.Reveal());
            _secret = SHA256.HashData(text);

            // Salted by this process: a restart ends all sessions, the ones that were logged out included.
            _cookies = new DebugCookie(HMACSHA256.HashData(RandomNumberGenerator.GetBytes(32), text));
        }
    }

    /// <summary>Whether there are debug sessions at all.</summary>
    public bool IsEnabled => _cookies is not null;

    /// <summary>Header that carries the secret.</summary>
    public string SecretHeader { get; }

    /// <summary>Cookie that carries the session; the peer's name with the peer's prefix.</summary>
    public string CookieName { get; }

    /// <summary>Whether the secret may be tried now: seconds to wait, or 0.</summary>
    public int WaitBeforeTrying(IPAddress? client) => _attempts.Try(client, _clock.Now.Nanoseconds);

    /// <summary>Opens a session; null when the secret is wrong.</summary>
    public string? Open(string? presented) =>
        _cookies is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented ?? string.Empty)), _secret)
            ? _cookies.Issue(_clock.UtcNow)
            : null;

    /// <summary>Whether a request carries the cookie of an open session.</summary>
    public bool IsOpen(IHeaderDictionary headers) => IsEnabled && TryFind(headers, out _, out _);

    /// <summary>Ends the session of a request, wherever its cookie was copied to; false when it has none.</summary>
    public bool End(IHeaderDictionary headers)
    {
        if (!TryFind(headers, out var id, out var expiry))
        {
            return false;
        }

        lock (_gate)
        {
            foreach (var (old, _) in _ended.Where(entry => entry.Value <= _clock.UtcNow).ToArray())
            {
                _ended.Remove(old);
            }

            if (_ended.Count >= MaxEnded)
            {
                // There is no room to remember each: then none that was begun until now is good any more.
                _endedBefore = _clock.UtcNow + DebugCookie.Lifetime;
                _ended.Clear();
            }

            _ended[id] = expiry;
            return true;
        }
    }

    private bool TryFind(IHeaderDictionary headers, out DecisionId id, out DateTimeOffset expiry)
    {
        (id, expiry) = (default, default);
        if (_cookies is null || headers.Cookie.Count == 0
            || !_cookies.TryRead(CookieJar.Find(headers.Cookie, CookieName), _clock.UtcNow, out id, out expiry))
        {
            return false;
        }

        lock (_gate)
        {
            return !_ended.ContainsKey(id) && expiry > _endedBefore;
        }
    }
}
