using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Answers;

/// <summary>
/// CORS preflights (Fetch standard, section "CORS-preflight request"): answered before anything is verified, decided or counted, for the method that the page
/// asks for. The browser compares; an origin that is not allowed is told nothing.
/// </summary>
internal sealed class Preflights(AnswerReader answers, RequestProbe probe) : IMetricSource
{
    private long _allowed;
    private long _refused;

    /// <summary>Whether a request looks like one, in a bundle that says which pages may call.</summary>
    public static bool IsOne<THead>(in THead head, PolicySnapshot snapshot, ReadOnlySpan<char> method)
        where THead : IRequestHead =>
        snapshot.HasCors
        && method.SequenceEqual("OPTIONS")
        && head.CountOf(HeaderNames.Origin) == 1
        && head.CountOf(HeaderNames.AccessControlRequestMethod) == 1;

    /// <summary>The answer's fields, or null for a request that is none, or that no policy's <c>cors</c> holds for: it goes on like any other.</summary>
    public AnswerFields? Find(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request)
    {
        if (Look(context, snapshot, request) is not var (fields, isAllowed))
        {
            return null;
        }

        Interlocked.Increment(ref isAllowed ? ref _allowed : ref _refused);
        return fields;
    }

    /// <summary>As <see cref="Find"/>, with whether the origin may call, and counted nowhere.</summary>
    public (AnswerFields Fields, bool IsAllowed)? Look(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request)
    {
        var head = new HttpContextHead(context);
        if (!IsOne(head, snapshot, request.Method))
        {
            return null;
        }

        // The page's request is matched, not the preflight's own method: a policy for GET alone says who may GET.
        var wanted = new RequestLine(head.LineOf(HeaderNames.AccessControlRequestMethod, 0), request.Host, request.Target);
        var match = probe.DoorsFor(snapshot, wanted);
        return match.Cors == Decision.None ? null : answers.ReadPreflight(head, snapshot, match);
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_cors_preflights_total", "counter", "CORS preflights answered, by whether their origin may call.");
        writer.Sample(Interlocked.Read(ref _allowed), ("outcome", "allowed"));
        writer.Sample(Interlocked.Read(ref _refused), ("outcome", "refused"));
    }
}
