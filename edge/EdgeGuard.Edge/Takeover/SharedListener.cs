using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Lane;
using Microsoft.AspNetCore.Connections;

namespace EdgeGuard.Edge.Takeover;

/// <summary>A listener that can stop accepting and go on, without closing its socket: another process may have it too.</summary>
internal sealed class SharedListener(IConnectionListener inner, Socket socket, SharedListeners all, bool isCounted) : IConnectionListener
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _pause = new();
    private TaskCompletionSource _paused = New();
    private TaskCompletionSource _resumed = New();
    private volatile bool _unbound;

    /// <inheritdoc />
    public EndPoint EndPoint => inner.EndPoint;

    /// <summary>The listening socket.</summary>
    public Socket Socket => socket;

    /// <summary>Accepts nothing any more once this has ended.</summary>
    public async Task PauseAsync()
    {
        Task paused;
        lock (_gate)
        {
            paused = _paused.Task;
        }

        await _pause.CancelAsync();
        await paused;
    }

    /// <summary>Accepts again.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            var resumed = _resumed;
            (_pause, _paused, _resumed) = (new CancellationTokenSource(), New(), New());
            resumed.TrySetResult();
        }
    }

    /// <inheritdoc />
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!_unbound)
        {
            var (pause, paused, resumed) = Gate();
            if (pause.IsCancellationRequested)
            {
                paused.TrySetResult();

                // What was accepted before may still be for the web server.
                if (inner is LaneListener lane && await lane.NextHandedOverAsync(resumed.Task) is { } handedOver)
                {
                    return handedOver;
                }

                await resumed.Task;
                continue;
            }

            try
            {
                var connection = await inner.AcceptAsync(pause);
                if (connection is not null && isCounted && inner is not LaneListener)
                {
                    all.Enter(connection);
                }

                return connection;
            }
            catch (OperationCanceledException) when (pause.IsCancellationRequested)
            {
                // Nothing was accepted: the next connection stays in the kernel's queue.
            }
        }

        return null;
    }

    /// <inheritdoc />
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound = true;
        var (_, paused, resumed) = Gate();
        paused.TrySetResult();
        resumed.TrySetResult();
        return !all.IsGivenAway ? inner.UnbindAsync(cancellationToken)
            : inner is LaneListener lane ? new ValueTask(lane.CloseConnectionsAsync(cancellationToken))
            : ValueTask.CompletedTask;
    }

    /// <summary>Closes the socket, unless another process has it: the framework would delete the file of a Unix socket.</summary>
    public ValueTask DisposeAsync() => all.IsGivenAway ? ValueTask.CompletedTask : inner.DisposeAsync();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (CancellationToken Pause, TaskCompletionSource Paused, TaskCompletionSource Resumed) Gate()
    {
        lock (_gate)
        {
            return (_pause.Token, _paused, _resumed);
        }
    }
}
