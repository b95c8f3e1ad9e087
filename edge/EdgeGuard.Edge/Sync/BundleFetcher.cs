using System.Net;
using System.Threading.Channels;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Fetches announced bundles beside the stream and has them activated. After a small random wait, so that a fleet does not fetch in one
/// moment; a newer announcement replaces an older one that is still waited for.
/// </summary>
internal sealed class BundleFetcher(
    ControlPlaneHttp http,
    BundleActivator activator,
    SnapshotHolder holder,
    StateDirectory state,
    AckQueue acks,
    SyncStatus status,
    TimeProvider time,
    ILogger<BundleFetcher> logger)
{
    /// <summary>Largest signed bundle taken, in bytes: the largest document as base64url, and its header.</summary>
    public const int MaxBundleBytes = 48 * 1024 * 1024;

    private static readonly TimeSpan MaxJitter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromMinutes(2);

    private readonly Channel<BundleAnnouncement> _newest = Channel.CreateBounded<BundleAnnouncement>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    // What came of the last fetch, so that 304 (not modified) can be answered with it.
    private string _etag = string.Empty;
    private Ack? _outcome;

    /// <summary>Hands over an announcement; never waits.</summary>
    public void Announce(BundleAnnouncement announcement) => _newest.Writer.TryWrite(announcement);

    /// <summary>Fetches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        activator.Reverted += OnReverted;
        try
        {
            await foreach (var announcement in _newest.Reader.ReadAllAsync(cancellation))
            {
                await TakeAsync(announcement, cancellation);
            }
        }
        finally
        {
            activator.Reverted -= OnReverted;
        }
    }

    // The control plane was told that the bundle is in force; now it is not.
    private void OnReverted(object? sender, RevertedEventArgs reverted)
    {
        var refused = reverted.Refused;
        status.Count(applied: false);
        acks.Add(new Ack(StreamEvents.Bundle, refused.Epoch, refused.Version, Ack.Refused, Acks.Texts(refused.Diagnostics)));
    }

    private async Task TakeAsync(BundleAnnouncement announcement, CancellationToken cancellation)
    {
        var current = holder.Current;
        if (current.Version == announcement.Version && string.Equals(current.Digest, announcement.Digest, StringComparison.Ordinal))
        {
            var epoch = Math.Max(0, state.HighWater(DocumentType.Bundle).Epoch);
            acks.Add(new Ack(StreamEvents.Bundle, epoch, announcement.Version, Ack.Applied, []));
            return;
        }

        if (activator.FuseRefusal(announcement.Digest) is { } reverted)
        {
            acks.Add(new Ack(StreamEvents.Bundle, Math.Max(0, state.HighWater(DocumentType.Bundle).Epoch), announcement.Version, Ack.Refused, Acks.Texts([reverted])));
            return;
        }

        var backoff = new Backoff();
        await Task.Delay(MaxJitter * Backoff.Random(), time, cancellation);
        while (!_newest.Reader.TryPeek(out _))
        {
            try
            {
                await FetchAsync(announcement, cancellation);
                return;
            }
            catch (SyncFailure failure)
            {
                var wait = backoff.Next(failure.IsSlow, failure.RetryAfter);
                SyncLog.BundleNotFetched(logger, (long)wait.TotalMilliseconds, failure.Problem.ToString());
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    private async Task FetchAsync(BundleAnnouncement announcement, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, announcement.Url);
        if (_etag.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", _etag);
        }

        using var response = await http.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.NotModified && _outcome is { } known)
        {
            acks.Add(known);
            return;
        }

        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            Finish(string.Empty, Refusal(announcement, $"the control plane announced bundle {announcement.Version} but does not have it"));
            return;
        }

        ControlPlaneHttp.EnsureSuccess(response);
        byte[] document;
        try
        {
            document = await ReadAsync(response, cancellation);
        }
        catch (InvalidDataException)
        {
            Finish(string.Empty, Refusal(announcement, $"bundle {announcement.Version} is larger than {MaxBundleBytes / (1024 * 1024)} MiB"));
            return;
        }

        var result = activator.Activate(document, "control-plane");
        var sequence = result.Version > 0 ? result.Version : announcement.Version;
        Finish(
            response.Headers.ETag?.ToString() ?? string.Empty,
            result.Applied
                ? new Ack(StreamEvents.Bundle, result.Epoch, sequence, Ack.Applied, [])
                : new Ack(StreamEvents.Bundle, result.Epoch, sequence, Ack.Refused, Acks.Texts(result.Diagnostics)));
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(BodyTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(both.Token);
            return await BoundedRead.AllAsync(body, MaxBundleBytes, both.Token);
        }
        catch (Exception failure) when (
            failure is IOException or HttpRequestException ||
            (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new SyncFailure(
                SyncProblem.Error(SyncCodes.BundleNotFetched, "the bundle broke off while it was fetched", "the edge tries again and goes on with what is in force"),
                inner: failure);
        }
    }

    private void Finish(string etag, Ack ack)
    {
        _etag = etag;
        _outcome = etag.Length > 0 ? ack : null;
        status.Count(applied: ack.Status == Ack.Applied);
        acks.Add(ack);
    }

    private static Ack Refusal(BundleAnnouncement announcement, string message) => new(
        StreamEvents.Bundle, 0, announcement.Version, Ack.Refused,
        Acks.Texts([SyncProblem.Error(SyncCodes.BundleNotFetched, message, "publish the bundle again")]));
}
