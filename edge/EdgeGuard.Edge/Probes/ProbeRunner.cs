using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Probes;

/// <summary>
/// Asks the bundle's probes: each is decided, and one that must be admitted and one that must be refused also come in by every open listener.
/// </summary>
internal sealed class ProbeRunner(DecisionPipeline pipeline, ProbeJudge judge, DoorMessenger messenger, EdgeClock clock) : IDisposable
{
    /// <summary>Answers are kept so long: whoever asks for readiness must not set the pace.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private PolicySnapshot? _asked;
    private DateTimeOffset _at;
    private ProbeResult _result = ProbeResult.Passed;

    /// <summary>What did not get the answer that it must; nothing for a bundle without probes.</summary>
    public async ValueTask<ProbeResult> AskAsync()
    {
        var snapshot = pipeline.Current;
        if (snapshot.Probes.IsEmpty)
        {
            return ProbeResult.Passed;
        }

        await _gate.WaitAsync();
        try
        {
            if (!ReferenceEquals(_asked, snapshot) || clock.UtcNow - _at >= Kept || clock.UtcNow < _at)
            {
                _result = await RunAsync(snapshot);
                (_asked, _at) = (snapshot, clock.UtcNow);
            }

            return _result;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    private async Task<ProbeResult> RunAsync(PolicySnapshot snapshot)
    {
        var passed = new List<ProbeDefinition>();
        var failed = ImmutableArray.CreateBuilder<string>();
        foreach (var probe in snapshot.Probes)
        {
            var request = probe.Request;
            var answer = await judge.DecideAsync(snapshot, request, new OriginalRequest(request.Method, request.Host, request.Path), request.Headers);
            if (answer.IsAdmitted == probe.ExpectsAllow)
            {
                passed.Add(probe);
            }
            else
            {
                failed.Add(probe.Name);
            }
        }

        return new ProbeResult(failed.ToImmutable(), await messenger.FailedAsync(snapshot, [.. DoorQuestion.Choose(passed)]));
    }
}
