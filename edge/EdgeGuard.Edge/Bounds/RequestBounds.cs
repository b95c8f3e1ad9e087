using System.Text;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Bounds;

/// <summary>Looks at a request's sizes before anything else is done with it.</summary>
internal sealed class RequestBounds(RequestProbe probe)
{
    /// <summary>The request's bounds and what comes of them, or null when no policy bounds it. Called with the headers as they came.</summary>
    public BoundedRequest? Find(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request)
    {
        if (!snapshot.HasRequestLimits)
        {
            return null;
        }

        var match = probe.DoorsFor(snapshot, request.Line);
        if (snapshot.LimitsOf(match) is not { } limits)
        {
            return null;
        }

        var count = 0;
        var bytes = 0L;
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                count++;
                bytes += name.Length + Encoding.UTF8.GetByteCount(value ?? string.Empty) + RequestBound.FieldBytes;
            }
        }

        var refusal = RequestBound.Check(
            limits, match.Limits, Encoding.UTF8.GetByteCount(request.Target), count, bytes, context.Request.ContentLength ?? 0);
        return new BoundedRequest(limits, refusal);
    }

    /// <summary>Whether any policy bounds a request, so that the server has to look at it.</summary>
    public static bool Has(PolicySnapshot snapshot, RequestProbe probe, in RequestLine request) =>
        snapshot.HasRequestLimits && probe.DoorsFor(snapshot, request).Limits != Decision.None;
}
