using System.Security.Cryptography;
using System.Threading.Channels;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>
/// Follows the bundle file of a standalone edge. Its content is looked at once a second, because a ConfigMap is changed by swapping a symbolic link
/// two folders away, which no watcher on the file sees; a watcher on the folder only makes an ordinary change quicker.
/// </summary>
internal sealed class FileBundleSource : BackgroundService
{
    /// <summary>Origin of what is activated from the file.</summary>
    public const string Origin = "file";

    /// <summary>Largest file read; a bundle is refused above 16 MiB anyway.</summary>
    private const int MaxBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long content must stay the same: a file written in place is seen half written.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly BundleActivator _activator;
    private readonly TimeProvider _time;
    private readonly ILogger<FileBundleSource> _logger;
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string _seen = string.Empty;
    private bool _readable = true;

    public FileBundleSource(EdgeOptions options, BundleActivator activator, TimeProvider time, ILogger<FileBundleSource> logger)
    {
        _path = Path.GetFullPath(options.BundleFile);
        _activator = activator;
        _time = time;
        _logger = logger;
    }

    /// <summary>Loads the file for the first time; null when it cannot be read.</summary>
    public ActivationResult? LoadNow()
    {
        if (TryRead() is not { } content)
        {
            return null;
        }

        _seen = HashOf(content);
        return _activator.Activate(content, Origin);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = Watch();
        while (!stoppingToken.IsCancellationRequested)
        {
            await NextLook(stoppingToken);
            if (TryRead() is not { } content || HashOf(content) == _seen)
            {
                continue;
            }

            await Task.Delay(SettleTime, _time, stoppingToken);
            if (TryRead() is { } settled && settled.AsSpan().SequenceEqual(content))
            {
                _seen = HashOf(settled);
                _activator.Activate(settled, Origin);
            }
        }
    }

    private async Task NextLook(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pause = Task.Delay(PollInterval, _time, patience.Token);
        await Task.WhenAny(pause, _nudges.Reader.WaitToReadAsync(patience.Token).AsTask());
        await patience.CancelAsync();
        _nudges.Reader.TryRead(out _);
        stopping.ThrowIfCancellationRequested();
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            // File systems without notifications, or too many watchers on the machine: then the poll has to do.
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!) { IncludeSubdirectories = false };
            watcher.Changed += (_, _) => _nudges.Writer.TryWrite(true);
            watcher.Created += (_, _) => _nudges.Writer.TryWrite(true);
            watcher.Renamed += (_, _) => _nudges.Writer.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The file's content, or null when it cannot be read; says nothing about it.</summary>
    public static byte[]? ReadQuietly(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private byte[]? TryRead()
    {
        try
        {
            var content = Read(_path);
            _readable = true;
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_readable)
            {
                ActivationLog.Unreadable(_logger, exception.Message);
            }

            _readable = false;
            return null;
        }
    }

    private static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
        {
            throw new IOException("The file is larger than 32 MiB.");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static string HashOf(byte[] content) => Convert.ToHexString(SHA256.HashData(content));
}
