using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Probes;

/// <summary>
/// The listeners' end of probes that come in by the real door. Each is known by a mark that is drawn for it, holds for one request and only while it is
/// awaited, so that nobody else can have a request decided that counts nowhere. It is answered here and never forwarded.
/// </summary>
internal sealed class DoorProbes(ProbeJudge judge)
{
    /// <summary>Header that carries the mark.</summary>
    public const string Header = "X-EdgeGuard-Probe";

    /// <summary>What a probe over HTTP/1.1 asks to upgrade to: the fast lanes leave a request that upgrades to the web server before they look at it.</summary>
    public const string Protocol = "edgeguard-probe";

    private const int MarkBytes = 16;

    private PendingProbe? _pending;

    /// <summary>Whether a request says that it is a probe of the edge's own.</summary>
    public static bool IsOne(HttpContext context) => HttpProtocol.IsHttp2(context.Request.Protocol)
        ? context.Request.Headers.ContainsKey(Header)
        : context.Request.Headers.Upgrade is [Protocol];

    /// <summary>Awaits a probe; one at a time.</summary>
    public PendingProbe Begin(DoorTag door, ProbeDefinition probe, PolicySnapshot snapshot)
    {
        var pending = new PendingProbe(RandomNumberGenerator.GetHexString(MarkBytes * 2), door, probe, snapshot);
        Volatile.Write(ref _pending, pending);
        return pending;
    }

    /// <summary>Awaits none any more.</summary>
    public void End() => Volatile.Write(ref _pending, null);

    /// <summary>Answers one that came in. What only says that it is one gets 421, and nothing is decided.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentLength = 0;
        if (Take(context) is not { } pending || !ReferenceEquals(pending.Door, context.Door()))
        {
            response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return;
        }

        if (ReadOriginal(context) != pending.Original)
        {
            response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var answer = await judge.DecideAsync(pending.Snapshot, pending.Probe.Request, pending.Original, HeadersOf(context, pending.Probe.Request));
        pending.IsAnswered = true;
        response.StatusCode = answer.Status;
        response.Headers[Header] = Verdicts.Name(answer.IsAdmitted ? Verdict.Allow : Verdict.Reject);
        response.Headers.CacheControl = "no-store";
    }

    private PendingProbe? Take(HttpContext context)
    {
        var pending = Volatile.Read(ref _pending);
        return pending is not null
            && context.Request.Headers[Header] is [{ } mark]
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(mark), Encoding.UTF8.GetBytes(pending.Mark))
            && Interlocked.CompareExchange(ref _pending, null, pending) == pending
                ? pending
                : null;
    }

    private static OriginalRequest? ReadOriginal(HttpContext context) => context.Door() is { IsDecision: true }
        ? DecisionRequests.Read(context)
        : new OriginalRequest(
            context.Request.Method,
            context.Request.Host.Value ?? string.Empty,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    // The probe's own and no others, as they have arrived: what its messenger adds is not part of it.
    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(HttpContext context, PolicyTestRequest request) =>
        from name in request.Headers.Select(header => header.Key).Distinct(StringComparer.OrdinalIgnoreCase)
        from value in context.Request.Headers[name]
        select KeyValuePair.Create(name, value);
}
