using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>
/// One live stream to one edge. What is to be sent is not queued: the state in force is one reference, and the stream compares it
/// with what it sent last. However slow an edge is, it holds no more memory, and what it gets next is the newest.
/// </summary>
internal sealed class EdgeConnection(
    string edgeId, string tokenId, string sessionId, DirectiveSigner signer, DirectiveState state, DateTimeOffset? tokenValidUntil)
    : IDisposable
{
    // One slot: "there is something to look at". More would say nothing more.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    private readonly CancellationTokenSource _closed = new();
    private DirectiveState _state = state;
    private byte[]? _lease;
    private int _heartbeatDue = 1;
    private string _cause = "the edge closed it";

    public string EdgeId => edgeId;

    public string TokenId => tokenId;

    /// <summary>Id of its session, which only the edge knows.</summary>
    public string SessionId => sessionId;

    public string OrganizationId => _state.OrganizationId;

    /// <summary>From when on the token that opened the stream is refused, or null.</summary>
    public DateTimeOffset? TokenValidUntil { get; set; } = tokenValidUntil;

    /// <summary>Why the stream ended.</summary>
    public string Cause => Volatile.Read(ref _cause);

    /// <summary>Sets what is in force and wakes the stream.</summary>
    public void Offer(DirectiveState newest)
    {
        Volatile.Write(ref _state, newest);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Asks for a heartbeat.</summary>
    public void Beat()
    {
        Volatile.Write(ref _heartbeatDue, 1);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Tells about leases. Only the newest is kept: what an older one said is in the answer to the edge's next exchange.</summary>
    public void Lease(byte[] payload)
    {
        Volatile.Write(ref _lease, payload);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>Ends the stream.</summary>
    public void Close(string cause)
    {
        Volatile.Write(ref _cause, cause);
        _signal.Writer.TryComplete();
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
        }
    }

    /// <summary>
    /// Sends until the edge leaves or <see cref="Close"/>: first the whole set of kill switches, then revocations, API keys, and the bundle;
    /// afterwards whatever is newer, kill switches always before the rest.
    /// </summary>
    public async Task RunAsync(PipeWriter output, CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed.Token);
        long kills = 0, revocations = 0, apiKeys = 0, bundle = 0;
        do
        {
            var newest = Volatile.Read(ref _state);
            if (newest.KillSwitches.Sequence > kills)
            {
                Write(output, StreamEvents.KillSwitches, signer.KillSwitches(newest));
                kills = newest.KillSwitches.Sequence;
                await output.FlushAsync(both.Token);
            }

            if (newest.Revocations.Sequence > revocations)
            {
                Write(output, StreamEvents.Revocations, signer.Revocations(newest));
                revocations = newest.Revocations.Sequence;
                await output.FlushAsync(both.Token);
            }

            if (newest.ApiKeys.Sequence > apiKeys)
            {
                Write(output, StreamEvents.ApiKeys, signer.ApiKeys(newest));
                apiKeys = newest.ApiKeys.Sequence;
            }

            if (newest.Bundle is { } announcement && announcement.Version > bundle)
            {
                Write(output, StreamEvents.Bundle, JsonSerializer.Serialize(announcement, ContractsJson.Default.BundleAnnouncement));
                bundle = announcement.Version;
            }

            if (Interlocked.Exchange(ref _lease, null) is { } lease)
            {
                Write(output, StreamEvents.Lease, signer.Lease(newest, lease));
            }

            if (Interlocked.Exchange(ref _heartbeatDue, 0) == 1)
            {
                Write(output, StreamEvents.Heartbeat, signer.Heartbeat(newest));
            }

            await output.FlushAsync(both.Token);
        }
        while (await NextAsync(both.Token));
    }

    /// <inheritdoc />
    public void Dispose() => _closed.Dispose();

    private async Task<bool> NextAsync(CancellationToken cancellation)
    {
        if (!await _signal.Reader.WaitToReadAsync(cancellation))
        {
            return false;
        }

        while (_signal.Reader.TryRead(out _))
        {
            // Emptied before the state is read, so that a change after the read wakes the stream again.
        }

        return true;
    }

    private static void Write(PipeWriter output, string name, string data)
    {
        // Neither a compact serialization nor our JSON has a line feed, so one data line is enough.
        var bytes = Encoding.UTF8.GetByteCount(data) + name.Length + 16;
        var span = output.GetSpan(bytes);
        var written = Encoding.UTF8.GetBytes("event: ", span);
        written += Encoding.UTF8.GetBytes(name, span[written..]);
        written += Encoding.UTF8.GetBytes("\ndata: ", span[written..]);
        written += Encoding.UTF8.GetBytes(data, span[written..]);
        written += Encoding.UTF8.GetBytes("\n\n", span[written..]);
        output.Advance(written);
    }
}
