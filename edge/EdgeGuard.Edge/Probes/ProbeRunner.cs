using System.Collections.Immutable;
using System.Net;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Probes;

/// <summary>
/// Sends the bundle's probes through the steps of the doors: sizes, preflights, facts, kill switches, expiry and the policies in force. Counters are of their
/// own and begin empty for each probe, so that a probe neither spends anybody's budget nor fails because somebody has. Nothing is recorded or counted of them.
/// </summary>
internal sealed class ProbeRunner(DecisionPipeline pipeline, Preflights preflights, RequestBounds bounds, EdgeClock clock) : IDisposable
{
    /// <summary>8192 counters: more than a request can take.</summary>
    private const long TableBytes = 256 * 1024;

    /// <summary>Answers are kept so long: whoever asks for readiness must not set the pace.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private static readonly IPAddress DefaultAddress = IPAddress.Parse("192.0.2.1");

    private readonly SemaphoreSlim _gate = new(1);
    private CounterTable? _counters;
    private DecisionEngine? _engine;
    private PolicySnapshot? _asked;
    private DateTimeOffset _at;
    private ImmutableArray<string> _failed = [];

    /// <summary>Names of the probes that got another answer than they must; none for a bundle without.</summary>
    public async ValueTask<ImmutableArray<string>> FailedAsync()
    {
        var snapshot = pipeline.Current;
        if (snapshot.Probes.IsEmpty)
        {
            return [];
        }

        await _gate.WaitAsync();
        try
        {
            if (!ReferenceEquals(_asked, snapshot) || clock.UtcNow - _at >= Kept || clock.UtcNow < _at)
            {
                _failed = await RunAsync(snapshot);
                (_asked, _at) = (snapshot, clock.UtcNow);
            }

            return _failed;
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

    private async Task<ImmutableArray<string>> RunAsync(PolicySnapshot snapshot)
    {
        _counters ??= CounterTable.Create(new CounterTableOptions(TableBytes, new UInt128(1, 2)));
        _engine ??= new DecisionEngine(_counters);
        var failed = ImmutableArray.CreateBuilder<string>();
        foreach (var probe in snapshot.Probes)
        {
            _counters.Clear();
            if (await IsAdmittedAsync(snapshot, probe.Request, _engine) != probe.ExpectsAllow)
            {
                failed.Add(probe.Name);
            }
        }

        return failed.ToImmutable();
    }

    private async ValueTask<bool> IsAdmittedAsync(PolicySnapshot snapshot, PolicyTestRequest request, DecisionEngine engine)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes(request.Body ?? string.Empty));
        var context = ContextOf(request, body);
        var original = new OriginalRequest(request.Method, request.Host, request.Path);
        if (preflights.Look(context, snapshot, original) is { } preflight)
        {
            return preflight.IsAllowed;
        }

        if (bounds.Find(context, snapshot, original)?.Refusal is not null)
        {
            return false;
        }

        var decision = await pipeline.ProbeAsync(context, snapshot, original, ProbeCaller.Of(request, snapshot.FirstIssuer), engine);
        return decision.IsAdmitted;
    }

    private static DefaultHttpContext ContextOf(PolicyTestRequest request, MemoryStream body)
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
        foreach (var (name, value) in request.Headers)
        {
            context.Request.Headers.Append(name, value);
        }

        return context;
    }
}
