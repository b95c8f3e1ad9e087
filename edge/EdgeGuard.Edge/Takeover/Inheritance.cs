using System.Collections.Immutable;
using System.ComponentModel;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using Microsoft.Win32.SafeHandles;

namespace EdgeGuard.Edge.Takeover;

/// <summary>What the running edge passes on to this process, and the conversation with it.</summary>
internal sealed class Inheritance : IDisposable
{
    /// <summary>Descriptors before those of the listeners: lock, counters, life.</summary>
    private const int Others = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket;
    private readonly ImmutableArray<OfferedListener> _offered;
    private readonly int[] _descriptors;
    private readonly FileStream _life;

    private Inheritance(Socket socket, TakeoverOffer offer, int[] descriptors)
    {
        _socket = socket;
        _offered = offer.Listeners;
        Session = offer.Session;
        _descriptors = descriptors;
        Lock = new SafeFileHandle(descriptors[0], ownsHandle: true);
        Counters = new SafeFileHandle(descriptors[1], ownsHandle: true);
        _life = new FileStream(new SafeFileHandle(descriptors[2], ownsHandle: true), FileAccess.Read, bufferSize: 0);
    }

    /// <summary>The lock of the state directory.</summary>
    public SafeFileHandle Lock { get; }

    /// <summary>Session with the control plane that this process goes on with; null for none.</summary>
    public string? Session { get; }

    /// <summary>The counter file.</summary>
    public SafeFileHandle Counters { get; }

    /// <summary>Asks the edge behind an admin socket to pass everything on.</summary>
    /// <exception cref="StartException">Nobody answers (EG3212), or the edge refuses (EG3211) or breaks off (EG3213).</exception>
    public static Inheritance Ask(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw Stop(
                ExitCode.Unreachable, TakeoverCodes.Nobody, $"no edge answers on {path}: {failure.Message}",
                "start without --takeover when no edge runs; otherwise name its socket (listen.admin_socket) and its state directory");
        }

        try
        {
            return Talk(socket, path);
        }
        catch (Exception failure) when (failure is SocketException or Win32Exception or JsonException)
        {
            socket.Dispose();
            throw BrokenOff(failure.Message);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The descriptor of a listener, or null when the running edge has none of this name at this address.</summary>
    public ulong? Listener(string name, string address)
    {
        var index = _offered.IndexOf(new OfferedListener(name, address));
        return index < 0 ? null : (ulong)_descriptors[index + Others];
    }

    /// <summary>Tells that this process can listen at once; on return the other accepts nothing any more, or is dead.</summary>
    /// <exception cref="StartException">The running edge has not waited so long (EG3213).</exception>
    public async Task ReadyAsync()
    {
        // Read also when nothing can be sent any more: one that has waited too long says so and hangs up, and is not to be taken for dead.
        await SendAsync(TakeoverStep.Ready);
        if (await ReceiveAsync() == TakeoverStep.Expired)
        {
            throw BrokenOff("it has waited too long");
        }
    }

    /// <summary>Tells that this process listens: it is the owner.</summary>
    public Task ListeningAsync() => SendAsync(TakeoverStep.Listening);

    /// <summary>Waits for the death of the other process; whether it had ended all its requests.</summary>
    public async Task<bool> EndAsync()
    {
        var clean = false;
        for (var step = await ReceiveAsync(); step is not null; step = await ReceiveAsync())
        {
            clean |= step == TakeoverStep.Drained;
        }

        // A connection may break without a death, and who still forwards a request still holds its slot. The pipe has nothing in it, and ends when
        // nobody is left who could write into it.
        await Task.Factory.StartNew(_life.ReadByte, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return clean;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _socket.Dispose();
        _life.Dispose();
    }

    private static Inheritance Talk(Socket socket, string path)
    {
        if (Descriptors.PeerUser(socket) != Descriptors.OwnUser)
        {
            throw Stop(
                ExitCode.Refused, TakeoverCodes.Refused, $"the process behind {path} belongs to another user", "start this one as the user of the running edge");
        }

        socket.Send(Encoding.ASCII.GetBytes(
            $"POST /takeover HTTP/1.1\r\nHost: edge\r\nConnection: Upgrade\r\nUpgrade: {TakeoverOffer.Protocol}\r\n\r\n"));
        var head = ReadHead(socket);
        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw Stop(
                ExitCode.Refused, TakeoverCodes.Refused, $"the running edge does not let itself be taken over ({head.Split('\r')[0]})",
                "403: another user; 404: a version that cannot yet; 409: it keeps no state, or another takes over; 426: another version of the conversation. Stop it and start this one without --takeover");
        }

        socket.Send([TakeoverStep.Send]);
        var text = new byte[TakeoverOffer.MaxBytes];
        var (bytes, descriptors) = Descriptors.Receive(socket, text);
        var offer = bytes == 0 ? null : JsonSerializer.Deserialize(text.AsSpan(0, bytes), TakeoverJson.Default.TakeoverOffer);
        return offer is null || descriptors.Length != offer.Listeners.Length + Others
            ? throw BrokenOff("the descriptors did not come")
            : new Inheritance(socket, offer, descriptors);
    }

    // Byte by byte: what follows the head comes with descriptors and must not be read along.
    private static string ReadHead(Socket socket)
    {
        const int MaxHead = 8 * 1024;
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < MaxHead && !head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && socket.Receive(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task<bool> SendAsync(byte step)
    {
        try
        {
            return await _socket.SendAsync(new[] { step }) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Null when the other process is gone.
    private async Task<byte?> ReceiveAsync()
    {
        var one = new byte[1];
        try
        {
            return await _socket.ReceiveAsync(one) == 1 ? one[0] : null;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static StartException BrokenOff(string why) => Stop(
        ExitCode.Refused, TakeoverCodes.BrokenOff, $"the running edge broke the takeover off: {why}", "it goes on as before; look into its log and try again");

    private static StartException Stop(ExitCode code, string problem, string message, string fix) =>
        new(code, [new Diagnostic(problem, Severity.Error, SourceLocation.None, string.Empty, message, fix)]);
}
