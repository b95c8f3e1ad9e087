using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Takeover;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A listener whose connections the lane serves; the web server gets those to see that the lane does not keep.</summary>
internal sealed class LaneListener : IConnectionListener
{
    /// <summary>Most threads that serve connections; each could fill a core.</summary>
    private const int MaxLoops = 16;

    private readonly Socket _socket;
    private readonly SharedListeners _listeners;
    private readonly LaneExit _exit;
    private readonly Lazy<ILaneServer>[] _loops;
    private readonly bool _isTcp;
    private Task<Socket>? _accepting;
    private Task<bool>? _handing;
    private uint _turn;

    public LaneListener(
        Socket bound, int backlog, Func<LaneListener, ILaneServer> loop, SharedListeners listeners, ILoggerFactory loggers)
    {
        _socket = bound;
        _listeners = listeners;
        _isTcp = bound.LocalEndPoint is IPEndPoint;
        EndPoint = bound.LocalEndPoint!;
        _exit = new LaneExit(
            listeners,
            new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<LaneListener>()));
        _loops =
        [
            .. Enumerable.Range(0, Math.Min(MaxLoops, Environment.ProcessorCount)).Select(_ => new Lazy<ILaneServer>(() => loop(this))),
        ];
        bound.Listen(backlog);
    }

    /// <inheritdoc />
    public EndPoint EndPoint { get; }

    /// <summary>Where its connections go.</summary>
    public LaneExit Exit => _exit;

    /// <inheritdoc />
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_exit.HandedOver.TryRead(out var connection))
            {
                return connection;
            }

            _accepting ??= _socket.AcceptAsync(cancellationToken).AsTask();
            _handing ??= _exit.HandedOver.WaitToReadAsync(CancellationToken.None).AsTask();
            var done = await Task.WhenAny(_accepting, _handing);
            if (ReferenceEquals(done, _handing))
            {
                var isOpen = await _handing;
                _handing = null;
                if (!isOpen)
                {
                    return null;
                }

                continue;
            }

            var accepting = _accepting;
            _accepting = null;
            try
            {
                Serve(await accepting);
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return null;
            }
            catch (SocketException)
            {
                // The client hung up while it waited.
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>The next connection for the web server while none is accepted; null once that has ended.</summary>
    public async Task<ConnectionContext?> NextHandedOverAsync(Task ended)
    {
        while (!ended.IsCompleted)
        {
            if (_exit.HandedOver.TryRead(out var connection))
            {
                return connection;
            }

            _handing ??= _exit.HandedOver.WaitToReadAsync(CancellationToken.None).AsTask();
            var done = await Task.WhenAny(ended, _handing);
            if (ReferenceEquals(done, _handing))
            {
                var isOpen = await _handing;
                _handing = null;
                if (!isOpen)
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Ends all connections of the lane as soon as everything is answered that was asked.</summary>
    public async Task CloseConnectionsAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(_loops.Where(loop => loop.IsValueCreated).Select(loop => loop.Value.CloseAsync())).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // What still waits for its caller ends with the process.
        }
    }

    /// <inheritdoc />
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        await CloseConnectionsAsync(cancellationToken);
        _exit.Close();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _exit.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Serve(Socket socket)
    {
        if (_isTcp)
        {
            socket.NoDelay = true;
        }

        _listeners.Enter();
        _loops[_turn++ % _loops.Length].Value.Serve(socket);
    }
}
