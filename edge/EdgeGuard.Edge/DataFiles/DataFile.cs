using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>One data file: the list in force, and what became of the last attempt to read it. A bad file never replaces a good list.</summary>
internal sealed class DataFile(AddressListKind kind, string path, EdgeClock clock, ILogger logger)
{
    private const int PieceBytes = 256 * 1024;

    private volatile AddressList? _list;
    private volatile LoadedAt? _loadedAt;
    private ImmutableArray<Diagnostic> _problems = [];
    private DataFileSignature? _tried;
    private DataFileSignature? _changing;
    private long _loaded;
    private long _refused;

    public AddressListKind Kind { get; } = kind;

    public string FilePath { get; } = path;

    /// <summary>As rules name it.</summary>
    public string Fact { get; } = FactNames.Of(kind);

    /// <summary>The list in force, or null before a first good one.</summary>
    public AddressList? List => _list;

    /// <summary>When the list in force was read, or null.</summary>
    public DateTimeOffset? ReadAt => _loadedAt?.Time;

    /// <summary>What was wrong with the file when it was last looked at; none while the list in force is that of the file.</summary>
    public ImmutableArray<Diagnostic> Problems => _problems;

    /// <summary>Lists read and put in force.</summary>
    public long Loaded => Interlocked.Read(ref _loaded);

    /// <summary>Files that were refused, or could not be read.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Reads the file now, whatever it looks like.</summary>
    public void Load()
    {
        try
        {
            using var stream = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var signature = DataFileSignature.Of(stream.SafeFileHandle);
            var list = Read(stream, out var problems);

            // Written to while it was read: what was read is of no file that anyone meant. The next look sees it as changed again.
            if (signature == DataFileSignature.Of(stream.SafeFileHandle))
            {
                _tried = signature;
                Take(list, problems);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Unreadable(exception);
        }
    }

    /// <summary>Looks whether the file has changed, and reads it once it has stayed the same from one look to the next.</summary>
    public void Look()
    {
        try
        {
            var signature = DataFileSignature.Of(FilePath);
            if (signature == _tried)
            {
                _changing = null;
                return;
            }

            if (signature == _changing)
            {
                _changing = null;
                Load();
                return;
            }

            _changing = signature;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (_tried is not null)
            {
                Unreadable(exception);
            }
        }
    }

    private AddressList? Read(FileStream stream, out ImmutableArray<Diagnostic> problems)
    {
        var reader = new AddressListReader(Kind, Path.GetFileName(FilePath));
        var piece = new byte[PieceBytes];
        int length;
        do
        {
            length = stream.Read(piece);
        }
        while (length > 0 && reader.Feed(piece.AsSpan(0, length)));

        return reader.Finish(out problems);
    }

    private void Take(AddressList? list, ImmutableArray<Diagnostic> problems)
    {
        _problems = problems;
        if (list is null)
        {
            Interlocked.Increment(ref _refused);
            foreach (var problem in problems)
            {
                DataFileLog.Refused(logger, Fact, problem.Code, problem.ToString());
            }

            return;
        }

        _list = list;
        _loadedAt = new LoadedAt(clock.UtcNow);
        Interlocked.Increment(ref _loaded);
        DataFileLog.Loaded(logger, Fact, list.Entries, list.Bytes / 1024);
    }

    private void Unreadable(Exception exception)
    {
        _tried = null;
        _changing = null;
        _problems =
        [
            new Diagnostic(
                EdgeCodes.DataFileUnreadable,
                Severity.Error,
                new SourceLocation(FilePath, 0, 0),
                string.Empty,
                $"the data file for {Fact} cannot be read: {exception.GetType().Name}",
                "check the path and that the edge's user may read it"),
        ];
        Interlocked.Increment(ref _refused);
        DataFileLog.Refused(logger, Fact, EdgeCodes.DataFileUnreadable, _problems[0].ToString());
    }

    private sealed record LoadedAt(DateTimeOffset Time);
}
