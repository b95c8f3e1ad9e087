using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Rejections;

/// <summary>
/// <c>RateLimit</c> and <c>RateLimit-Policy</c> of draft-ietf-httpapi-ratelimit-headers (structured fields), and the older three headers. They tell
/// of the limit that denied, or else the tightest.
/// </summary>
internal sealed class RateLimitHeaders(EdgeOptions options)
{
    private LimitNames? _names;

    /// <summary>Whether the older three headers are told too.</summary>
    public bool TellsLegacy { get; } = options.LegacyRateLimitHeaders;

    /// <summary>Sets the headers over what an upstream may have sent; none when the decision tells of no limit.</summary>
    public void Set(IHeaderDictionary headers, in DecidedRequest decided)
    {
        var decision = decided.Decision;
        if (!TryName(decided, out var name, out var policy))
        {
            return;
        }

        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = $"{name};r={decision.Remaining};t={decision.ResetSeconds}";
        if (TellsLegacy)
        {
            headers["RateLimit-Limit"] = decision.Limit.ToString();
            headers["RateLimit-Remaining"] = decision.Remaining.ToString();
            headers["RateLimit-Reset"] = decision.ResetSeconds.ToString();
        }
    }

    /// <summary>Name of the limit that is told, and its quota; false when there is none.</summary>
    public bool TryName(in DecidedRequest decided, out string name, out string policy)
    {
        var decision = decided.Decision;
        if (!decision.HasLimit || decision.LimitIndex == Decision.None)
        {
            (name, policy) = (string.Empty, string.Empty);
            return false;
        }

        (name, policy) = NamesOf(decided.Snapshot).Of(decision.LimitIndex);
        return true;
    }

    private LimitNames NamesOf(PolicySnapshot snapshot)
    {
        var names = Volatile.Read(ref _names);
        if (names is null || !ReferenceEquals(names.Snapshot, snapshot))
        {
            names = new LimitNames(snapshot);
            Volatile.Write(ref _names, names);
        }

        return names;
    }

    /// <summary>Quoted policy ids and quotas of one snapshot, made when first told: a bundle may have 10 000 limits that are never told.</summary>
    private sealed class LimitNames(PolicySnapshot snapshot)
    {
        private readonly Entry?[] _entries = new Entry?[snapshot.LimitCount];

        public PolicySnapshot Snapshot => snapshot;

        public Entry Of(int limit) => _entries[limit] ??= Make(limit);

        private Entry Make(int limit)
        {
            var name = StructuredString.Quote(snapshot.PolicyId(snapshot.LimitPolicy(limit)));
            var (quota, window) = snapshot.LimitQuota(limit);

            // The draft has no window below one second, so such a quota is told without one.
            return new Entry(name, window > 0 ? $"{name};q={quota};w={window}" : $"{name};q={quota}");
        }
    }

    private sealed record Entry(string Name, string Policy);
}
