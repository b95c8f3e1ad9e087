using System.Net.ServerSentEvents;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;

namespace EdgeGuard.Edge.Sync;

/// <summary>One session with the control plane: introduce, prove the key, read directives until the stream ends.</summary>
internal sealed class DirectiveStream(
    SyncSettings settings,
    ControlPlaneHttp http,
    DirectiveDispatcher dispatcher,
    SnapshotHolder holder,
    SyncStatus status,
    SessionLink link,
    TimeProvider time,
    ILogger<DirectiveStream> logger)
{
    /// <summary>Largest event, in bytes: a set of some ten thousand kill switches.</summary>
    private const int MaxEventBytes = 8 * 1024 * 1024;

    /// <summary>Heartbeats that may be missed before the stream is taken for dead.</summary>
    private const int MissedHeartbeats = 3;

    /// <summary>Runs one session. Returns when the control plane ends the stream in good order.</summary>
    /// <param name="onVerified">Called for each directive that proves that the session is good.</param>
    /// <param name="cancellation">Ends the session.</param>
    /// <exception cref="SyncFailure">It could not be opened, broke off or fell silent.</exception>
    public async Task RunAsync(Action onVerified, CancellationToken cancellation)
    {
        var grant = await OpenSessionAsync(cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, EdgeRoutes.Stream);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation(EdgeRoutes.SessionHeader, grant.SessionId);
        request.Headers.TryAddWithoutValidation(
            EdgeRoutes.ProofHeader, KeyDerivation.Prove(settings.ProofKey, grant.Challenge, settings.EdgeId));
        using var response = await http.SendAsync(request, cancellation);
        ControlPlaneHttp.EnsureSuccess(response);
        link.Id = grant.SessionId;
        status.Opened();
        SyncLog.Connected(logger, settings.Address.GetLeftPart(UriPartial.Authority));
        await ReadAsync(response, TimeSpan.FromSeconds(Math.Clamp(grant.HeartbeatSeconds, 1, 300)), onVerified, cancellation);
    }

    private async Task<SessionGrant> OpenSessionAsync(CancellationToken cancellation)
    {
        var current = holder.Current;
        var introduction = new SessionRequest(
            settings.EdgeId, SyncSettings.ProductVersion, SessionRequest.CurrentProtocol, settings.ProofKey.Id,
            current.Version, current.Digest, time.GetUtcNow().ToUnixTimeMilliseconds(), link.Id);
        var grant = await http.PostAsync(
            EdgeRoutes.Session, introduction, ContractsJson.Default.SessionRequest, ContractsJson.Default.SessionGrant, cancellation);
        if (grant is { SessionId.Length: > 0, Challenge.Length: > 0, ProtocolVersion: >= SessionRequest.CurrentProtocol - 1 and <= SessionRequest.CurrentProtocol + 1 })
        {
            return grant;
        }

        throw new SyncFailure(
            SyncProblem.Error(
                SyncCodes.Protocol, $"the control plane speaks protocol {grant.ProtocolVersion}, this edge {SessionRequest.CurrentProtocol}",
                "edge and control plane may be one release apart, not more"),
            isSlow: true);
    }

    private async Task ReadAsync(HttpResponseMessage response, TimeSpan heartbeat, Action onVerified, CancellationToken cancellation)
    {
        var patience = heartbeat * MissedHeartbeats;
        using var watchdog = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, watchdog.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            await using var bounded = new EventLimitStream(body, MaxEventBytes);
            var parser = SseParser.Create(bounded, static (_, data) => data.ToArray());
            await foreach (var item in parser.EnumerateAsync(both.Token))
            {
                watchdog.CancelAfter(patience);
                bounded.EventEnded();
                if (dispatcher.Take(item.EventType, item.Data))
                {
                    onVerified();
                }
            }
        }
        catch (OperationCanceledException) when (watchdog.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SyncFailure(SyncProblem.Error(
                SyncCodes.Silent, $"nothing came from the control plane for {patience.TotalSeconds:0} s", "the edge opens the stream again; look for something in between that holds connections without passing data"));
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or InvalidDataException)
        {
            throw new SyncFailure(
                SyncProblem.Error(SyncCodes.Unreachable, $"the stream broke off: {failure.Message}", "the edge opens it again and goes on with what is in force"),
                inner: failure);
        }
    }
}
