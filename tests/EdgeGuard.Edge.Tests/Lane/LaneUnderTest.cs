using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>One connection of a lane over pipes in memory: what is sent is worked off on the thread that sends it.</summary>
internal sealed class LaneUnderTest : IDuplexPipe, IConnectionLifetimeNotificationFeature, IAsyncDisposable
{
    private static readonly PipeOptions Inline = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    private readonly Pipe _toLane = new(Inline);
    private readonly Pipe _fromLane = new(Inline);
    private readonly CancellationTokenSource _stop = new();
    private readonly LaneConnection _connection;

    public LaneUnderTest(DecisionLane lane, TimeProvider time)
    {
        var context = new DefaultConnectionContext("test") { Transport = this, RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 1234) };
        context.Features.Set<IConnectionLifetimeNotificationFeature>(this);
        _connection = new LaneConnection(lane, context, time);
        Ended = _connection.RunAsync(ServeAsync);
    }

    public PipeReader Input => _toLane.Reader;

    public PipeWriter Output => _fromLane.Writer;

    public CancellationToken ConnectionClosedRequested
    {
        get => _stop.Token;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends with the lane's work, and the server's.</summary>
    public Task Ended { get; }

    /// <summary>What the server got to see of the connection; null while it has not taken over.</summary>
    public string? HandedOver { get; private set; }

    public void RequestClose() => _stop.Cancel();

    /// <summary>As the server once a second.</summary>
    public void Look() => _connection.Look();

    public void Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_toLane.Writer.GetSpan(bytes.Length));
        _toLane.Writer.Advance(bytes.Length);
        var flush = _toLane.Writer.FlushAsync();
        Assert.True(flush.IsCompletedSuccessfully);
    }

    public void SendEnd() => _toLane.Writer.Complete();

    /// <summary>All that was answered since the last time.</summary>
    public string Answered()
    {
        if (!_fromLane.Reader.TryRead(out var result))
        {
            return string.Empty;
        }

        var text = Encoding.Latin1.GetString(result.Buffer);
        _fromLane.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    /// <summary>Takes the answers and looks at nothing but their first byte of the status.</summary>
    public byte SkipAnswer()
    {
        Assert.True(_fromLane.Reader.TryRead(out var result));
        var status = result.Buffer.FirstSpan["HTTP/1.1 ".Length];
        _fromLane.Reader.AdvanceTo(result.Buffer.End);
        return status;
    }

    public async ValueTask DisposeAsync()
    {
        await _toLane.Writer.CompleteAsync();
        await Ended.Within("the end of the connection");
        _stop.Dispose();
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        var result = await connection.Transport.Input.ReadAsync();
        HandedOver = Encoding.Latin1.GetString(result.Buffer);
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
    }
}
