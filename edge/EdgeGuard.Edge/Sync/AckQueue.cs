using System.Text.Json;
using System.Threading.Channels;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Tells the control plane what became of directives: what piles up while one request is under way goes into the next one, and what could
/// not be delivered is tried again. Bounded: the oldest is dropped, since a set acknowledged later covers it.
/// </summary>
internal sealed class AckQueue(ControlPlaneHttp http, TimeProvider time, ILogger<AckQueue> logger)
{
    /// <summary>Most acknowledgements in one request.</summary>
    public const int MaxBatch = 64;

    private const int Capacity = 1024;

    private readonly Channel<Ack> _acks = Channel.CreateBounded<Ack>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Queues one; never waits.</summary>
    public void Add(Ack ack) => _acks.Writer.TryWrite(ack);

    /// <summary>Delivers until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var batch = new List<Ack>(MaxBatch);
        var backoff = new Backoff();
        while (await _acks.Reader.WaitToReadAsync(cancellation))
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _acks.Reader.TryRead(out var ack))
            {
                batch.Add(ack);
            }

            backoff.Reset();
            while (await TryDeliverAsync(batch, cancellation) is { } failure)
            {
                await Task.Delay(backoff.Next(failure.IsSlow, failure.RetryAfter), time, cancellation);
            }
        }
    }

    private async Task<SyncFailure?> TryDeliverAsync(List<Ack> batch, CancellationToken cancellation)
    {
        try
        {
            using var request = ControlPlaneHttp.Post(
                EdgeRoutes.Acks, JsonSerializer.SerializeToUtf8Bytes(new AckBatch(batch), ContractsJson.Default.AckBatch));
            using var response = await http.SendAsync(request, cancellation);
            ControlPlaneHttp.EnsureSuccess(response);
            return null;
        }
        catch (SyncFailure failure)
        {
            SyncLog.AcksNotDelivered(logger, failure.Problem.ToString());
            return failure;
        }
    }
}
