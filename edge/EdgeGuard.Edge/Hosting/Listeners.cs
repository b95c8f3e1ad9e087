using System.Net;
using System.Net.Sockets;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.ProxyProtocol;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Tls;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using ListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace EdgeGuard.Edge.Hosting;

/// <summary>The listeners of one server: each has its own address and leads to one door only.</summary>
internal sealed class Listeners(Inheritance? inheritance = null)
{
    private readonly List<(DoorTag Door, string Wanted, ListenOptions Listen)> _listeners = [];

    /// <summary>Adds a listener, unless its address is <c>off</c>.</summary>
    public void Add(KestrelServerOptions server, string address, DoorTag door, HttpProtocols protocols)
    {
        if (!ListenAddress.TryParse(address, out var parsed))
        {
            throw new StartException(ExitCode.Usage, [Unavailable(address, "is no address", "write host:port, unix:/path or off")]);
        }

        if (parsed!.IsOff)
        {
            return;
        }

        void Configure(ListenOptions listen)
        {
            listen.Protocols = protocols;
            listen.UseDoor(door);
            if (ProxyProtocolDoors.OptionOf(door) is { } option)
            {
                listen.ApplicationServices.GetRequiredService<ProxyProtocolDoors>().Use(listen, option);
            }

            if (door.IsTls)
            {
                listen.ApplicationServices.GetRequiredService<TlsDoors>().Use(listen, door);
            }

            _listeners.Add((door, address, listen));
        }

        if (inheritance?.Listener(door.Name, address) is { } handle)
        {
            server.ListenHandle(handle, Configure);
        }
        else if (parsed.UnixPath is { } path)
        {
            RemoveStale(path, address);
            server.ListenUnixSocket(path, Configure);
        }
        else
        {
            server.Listen(EndPointOf(parsed), Configure);
        }
    }

    /// <summary>Puts a lane before the web server, on the listener of a door that was added. It asks the kernel in a way that only Linux knows.</summary>
    public void UseLane(DoorTag door, LaneKind kind, SharedListeners shared)
    {
        foreach (var (_, _, listen) in _listeners.Where(entry => ReferenceEquals(entry.Door, door) && OperatingSystem.IsLinux()))
        {
            shared.UseLane(listen.EndPoint!, kind);
        }
    }

    /// <summary>
    /// Makes every Unix socket 0660, whatever the umask: a gateway of another user shares a group with the edge, and nobody else decides. Done between
    /// bind and listen, so that at no time anybody else can connect.
    /// </summary>
    public static void RestrictSockets(SocketTransportOptions sockets)
    {
        const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        sockets.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            if (endpoint is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(endpoint.ToString()!, OwnerAndGroup);
            }

            return socket;
        };
    }

    /// <summary>Addresses as bound: <c>http://127.0.0.1:41234</c> or <c>unix:/path</c>.</summary>
    public IEnumerable<(DoorTag Door, string Address)> Bound() => _listeners.Select(entry => (entry.Door, AddressOf(entry.Listen, entry.Door)));

    /// <summary>Tells what each bound listener is for.</summary>
    public void NameAll(SharedListeners shared)
    {
        foreach (var (door, wanted, listen) in _listeners)
        {
            shared.Name(door.Name, wanted, listen.EndPoint!);
        }
    }

    /// <summary>What to say about a server that could not bind.</summary>
    public StartException CannotBind(IOException exception)
    {
        var cause = exception.InnerException as SocketException ?? exception.InnerException?.InnerException as SocketException;
        var named = _listeners.Where(entry => exception.Message.Contains(entry.Listen.EndPoint!.ToString()!, StringComparison.Ordinal))
            .Select(entry => (entry.Wanted, entry.Door.Name))
            .DefaultIfEmpty((string.Join(", ", _listeners.Select(entry => entry.Wanted)), "an"))
            .First();
        var why = cause?.SocketErrorCode switch
        {
            SocketError.AccessDenied => "may not be listened on by this user",
            SocketError.AddressNotAvailable => "belongs to no interface of this machine",
            _ => "is in use by another process",
        };
        return new StartException(
            ExitCode.Unreachable,
            [Unavailable(named.Item1, $"of the {named.Item2} listener {why}", "stop what listens there, or choose another address (--help lists the flags)")]);
    }

    private static Diagnostic Unavailable(string address, string what, string fix) =>
        new(EdgeCodes.AddressUnavailable, Severity.Error, SourceLocation.None, string.Empty, $"the address {address} {what}", fix);

    private static string AddressOf(ListenOptions listen, DoorTag door) => listen.EndPoint switch
    {
        UnixDomainSocketEndPoint unix => "unix:" + unix,
        _ => $"{(door.IsTls ? "https" : "http")}://{listen.EndPoint}",
    };

    private static IPEndPoint EndPointOf(ListenAddress address) => address.Host switch
    {
        "*" => new IPEndPoint(IPAddress.IPv6Any, address.Port),
        "localhost" => new IPEndPoint(IPAddress.Loopback, address.Port),
        _ => new IPEndPoint(IPAddress.Parse(address.Host), address.Port),
    };

    // A socket file outlives a killed process. Nobody answers on it then, and it would keep the address in use for ever.
    private static void RemoveStale(string path, string address)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            return;
        }

        throw new StartException(
            ExitCode.Unreachable, [Unavailable(address, "is in use by another process", "stop what listens there, or choose another path")]);
    }
}
