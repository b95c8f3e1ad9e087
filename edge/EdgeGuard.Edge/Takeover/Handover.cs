using System.IO.Pipes;
using System.Text.Json;
using EdgeGuard.Edge.Admin;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Telemetry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Takeover;

/// <summary>
/// The side of the process that is taken over (POST /takeover on the admin socket): it stops writing to the state directory, passes its
/// descriptors on, and stops accepting when the new process is ready. Until that one listens, it takes everything back if it fails.
/// </summary>
#pragma warning disable CA1001 // What it holds must end with the process and no earlier: by its end the new process knows that this one is dead.
internal sealed class Handover(
#pragma warning restore CA1001
    StateDirectory state, CounterStore counters, SharedListeners listeners, DecisionRecorder recorder, SessionLink session, Ownership ownership,
    ILogger<Handover> logger, DirectiveKeeper? keeper = null)
{
    private readonly TaskCompletionSource _givenAway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream? _stream;
    private AnonymousPipeServerStream? _life;
    private int _busy;

    /// <summary>Ends once another process owns everything, and this one has to end its requests and itself.</summary>
    public Task GivenAway => _givenAway.Task;

    /// <summary>Which user may take over; this process's own, unless a test says otherwise.</summary>
    public uint User { get; init; } = OperatingSystem.IsLinux() ? Descriptors.OwnUser : 0;

    /// <summary>How long the new process may take from the descriptors until it listens.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a process that wants to take over waits for the end of the one that this one has taken over.</summary>
    public TimeSpan AlonePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What the patience is measured by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Answers a request to take over; ends with the connection.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (Refusal(context) is { } refusal)
        {
            await AdminReply.ProblemAsync(context, refusal.Status, "Not taken over", TakeoverCodes.Refused, refusal.Message, refusal.Fix);
            return;
        }

        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            await AdminReply.ProblemAsync(
                context, StatusCodes.Status409Conflict, "Not taken over", TakeoverCodes.Refused, "another process is taking over already", "wait for it");
            return;
        }

        if (!await IsAloneAsync(context))
        {
            Volatile.Write(ref _busy, 0);
            await AdminReply.ProblemAsync(
                context, StatusCodes.Status409Conflict, "Not taken over", TakeoverCodes.Refused, "the edge that this one has taken over still ends its requests",
                $"wait until it has ended, which it does within {Servers.DrainLimit.TotalSeconds * 2:0} s");
            return;
        }

        try
        {
            Suspend();
            _stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await PassOnAsync(_stream, context);
        }
#pragma warning disable CA1031 // However the other process went away, this one goes on as the owner.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            TakeoverLog.Failed(logger, failure.Message);
        }

        if (!listeners.IsGivenAway)
        {
            TakeBack();
            Volatile.Write(ref _busy, 0);
            return;
        }

        _givenAway.TrySetResult();
        TakeoverLog.GivenAway(logger);

        // The new process sees by the end of this connection that this process has ended.
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Tells the new process that nothing is counted here any more.</summary>
    public async Task DrainedAsync()
    {
        try
        {
            await _stream!.WriteAsync(new[] { TakeoverStep.Drained });
            await _stream.FlushAsync();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            TakeoverLog.Failed(logger, failure.Message);
        }
    }

    private (int Status, string Message, string Fix)? Refusal(HttpContext context)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (!OperatingSystem.IsLinux() || socket is null || Descriptors.PeerUser(socket) != User)
        {
            return (StatusCodes.Status403Forbidden, "only a process of the same user may take over", "start the new process as the user of the running one");
        }

        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } || context.Request.Headers.Upgrade != TakeoverOffer.Protocol)
        {
            return (
                StatusCodes.Status426UpgradeRequired, $"this edge can be taken over by {TakeoverOffer.Protocol} only",
                "stop this edge and start the other without --takeover: there is a gap");
        }

        return state.LockHandle is null || counters.Handle is null
            ? (StatusCodes.Status409Conflict, "this edge keeps no state that another process could go on with", "stop it and start the other without --takeover")
            : null;
    }

    // Two processes may share the counters, three not: each needs its own half of what tells them apart.
    private async Task<bool> IsAloneAsync(HttpContext context)
    {
        try
        {
            await ownership.Alone.WaitAsync(AlonePatience, Time, context.RequestAborted);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task PassOnAsync(Stream stream, HttpContext context)
    {
        using var patience = new CancellationTokenSource(Patience, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            // Asked for only after the head of the answer was read: the descriptors come with the next bytes, past the server's own buffers.
            await ExpectAsync(stream, TakeoverStep.Send, both.Token);
            var named = listeners.Named();
            _life = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
            Descriptors.Send(
                context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket,
                JsonSerializer.SerializeToUtf8Bytes(new TakeoverOffer([.. named.Select(entry => entry.Offer)], session.Id), TakeoverJson.Default.TakeoverOffer),
                [
                    (int)state.LockHandle!.DangerousGetHandle(), (int)counters.Handle!.DangerousGetHandle(),
                    (int)_life.ClientSafePipeHandle.DangerousGetHandle(),
                    .. named.Select(entry => (int)entry.Listener.Socket.SafeHandle.DangerousGetHandle()),
                ]);
            _life.DisposeLocalCopyOfClientHandle();
            await ExpectAsync(stream, TakeoverStep.Ready, both.Token);
            await listeners.PauseAsync();
            keeper?.HandOn();
            await stream.WriteAsync(new[] { TakeoverStep.Paused }, both.Token);
            await stream.FlushAsync(both.Token);
            await ExpectAsync(stream, TakeoverStep.Listening, both.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            await stream.WriteAsync(new[] { TakeoverStep.Expired }, context.RequestAborted);
            await stream.FlushAsync(context.RequestAborted);
            throw;
        }

        listeners.GiveAway();
        counters.GiveAway();
        state.GiveAway();
    }

    private static async Task ExpectAsync(Stream stream, byte step, CancellationToken cancellation)
    {
        var read = new byte[1];
        if (await stream.ReadAsync(read, cancellation) != 1 || read[0] != step)
        {
            throw new IOException("the new process went away");
        }
    }

    // Counting goes on all the while, in memory that both share; whoever wants to write to the state directory is refused there.
    private void Suspend()
    {
        state.Suspend();
        recorder.Close(closed: true);
        counters.Table.BeginSharing();
    }

    private void TakeBack()
    {
        // One that was told that it may listen may have decided already.
        counters.Table.EndSharing(clean: !listeners.IsPaused);
        _life?.Dispose();
        recorder.Close(closed: false);
        if (listeners.IsPaused)
        {
            listeners.Resume();
        }

        state.Resume();
    }
}
