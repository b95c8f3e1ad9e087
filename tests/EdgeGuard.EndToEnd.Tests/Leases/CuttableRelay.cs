using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EdgeGuard.EndToEnd.Tests.Leases;

/// <summary>The way from one edge to its control plane, which can be cut and mended: bytes are passed on as they come, connections end when it is cut, and new ones with it.</summary>
internal sealed class CuttableRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private volatile bool _isCut;

    public CuttableRelay(int port)
    {
        _target = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        _isCut = true;
        foreach (TcpClient client in _open.Keys)
        {
            client.Dispose();
        }
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassOnAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task PassOnAsync(TcpClient near)
    {
        using TcpClient far = new();
        using (near)
        {
            _open[near] = _open[far] = true;
            try
            {
                if (!_isCut)
                {
                    await far.ConnectAsync(_target);
                    await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // Nobody there, or cut.
            }
            finally
            {
                _open.TryRemove(near, out _);
                _open.TryRemove(far, out _);
            }
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception end) when (end is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // Either end is gone, and the other goes with it.
        }
    }
}
