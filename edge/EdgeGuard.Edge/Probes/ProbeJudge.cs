using System.Net;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Probes;

/// <summary>
/// Decides probes in the order of the doors: preflights, sizes, facts, kill switches, expiry and the policies in force. Counters are of their own and begin
/// empty for each probe, so that a probe neither spends anybody's budget nor fails because somebody has. Nothing is recorded or counted of them.
/// </summary>
internal sealed class ProbeJudge(DecisionPipeline pipeline, Preflights preflights, RequestBounds bounds) : IDisposable
{
    /// <summary>8192 counters: more than a request can take.</summary>
    private const long TableBytes = 256 * 1024;

    private static readonly IPAddress DefaultAddress = IPAddress.Parse("192.0.2.1");

    private readonly SemaphoreSlim _gate = new(1);
    private CounterTable? _counters;
    private DecisionEngine? _engine;

    /// <summary>Decides one.</summary>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">The probe's request; who calls is what it says.</param>
    /// <param name="original">Its request line, as it was read.</param>
    /// <param name="headers">Its headers, as they were read.</param>
    public async Task<ProbeAnswer> DecideAsync(
        PolicySnapshot snapshot, PolicyTestRequest request, OriginalRequest original, IEnumerable<KeyValuePair<string, string>> headers)
    {
        await _gate.WaitAsync();
        try
        {
            _counters ??= CounterTable.Create(new CounterTableOptions(TableBytes, new UInt128(1, 2)));
            _engine ??= new DecisionEngine(_counters);
            _counters.Clear();
            using var body = new MemoryStream(Encoding.UTF8.GetBytes(request.Body ?? string.Empty));
            return await DecideAsync(ContextOf(request, headers, body), snapshot, original, ProbeCaller.Of(request, snapshot.FirstIssuer), _engine);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _counters?.Dispose();
        _gate.Dispose();
    }

    private async Task<ProbeAnswer> DecideAsync(
        HttpContext context, PolicySnapshot snapshot, OriginalRequest original, Identity.Caller caller, DecisionEngine engine)
    {
        if (preflights.Look(context, snapshot, original) is { } preflight)
        {
            return new ProbeAnswer(preflight.IsAllowed, StatusCodes.Status204NoContent);
        }

        if (bounds.Find(context, snapshot, original)?.Refusal is { } tooLarge)
        {
            return new ProbeAnswer(IsAdmitted: false, tooLarge.Status);
        }

        var decision = await pipeline.ProbeAsync(context, snapshot, original, caller, engine);
        return new ProbeAnswer(decision.IsAdmitted, decision.IsAdmitted ? StatusCodes.Status200OK : decision.Status);
    }

    private static DefaultHttpContext ContextOf(PolicyTestRequest request, IEnumerable<KeyValuePair<string, string>> headers, MemoryStream body)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = request.Ip is { } ip && IPAddress.TryParse(ip, out var address) ? address : DefaultAddress;
        context.Request.Method = request.Method;
        context.Request.Body = body;
        if (request.Body is not null)
        {
            context.Request.ContentLength = body.Length;
        }

        context.Features.Set<IHttpRequestBodyDetectionFeature>(new ProbeBody(body.Length > 0));
        foreach (var (name, value) in headers)
        {
            context.Request.Headers.Append(name, value);
        }

        return context;
    }
}
