using System.Collections.Immutable;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using Microsoft.Win32.SafeHandles;

namespace EdgeGuard.Edge.State;

/// <summary>
/// The edge's one state directory, or its stand-in in memory. One owner by file lock, mode 0700, files 0600, every file replaced
/// atomically (<see cref="AtomicFile"/>). Thread-safe.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _memory = new(StringComparer.Ordinal);
    private readonly Dictionary<DocumentType, HighWaterMark> _marks = [];
    private readonly FileStream? _lock;
    private ImmutableArray<Diagnostic> _problems = [];
    private volatile bool _lost;
    private volatile bool _suspended;

    private StateDirectory(string path, bool ephemeral, FileStream? ownerLock)
    {
        DirectoryPath = path;
        IsEphemeral = ephemeral;
        _lock = ownerLock;
    }

    /// <summary>The directory as the options name it.</summary>
    public string DirectoryPath { get; }

    /// <summary>The options say that nothing is to be kept.</summary>
    public bool IsEphemeral { get; }

    /// <summary>Whether what is written survives this process.</summary>
    public bool IsPersistent => _lock is not null;

    /// <summary>Whether state holds the edge back from being ready: it is neither kept, nor were we told that this is wanted.</summary>
    public bool IsReady => (IsPersistent && !_lost) || IsEphemeral;

    /// <summary>Whether another process is taking the directory over, or has: this one writes nothing then.</summary>
    public bool IsSuspended => _suspended;

    /// <summary>The owner's lock, for the process that takes over; null when nothing is kept.</summary>
    public SafeFileHandle? LockHandle => _lock?.SafeFileHandle;

    /// <summary>Everything that was wrong with the directory so far, the newest last; at most 50.</summary>
    public ImmutableArray<Diagnostic> Problems
    {
        get
        {
            lock (_gate)
            {
                return _problems;
            }
        }
    }

    /// <summary>
    /// Opens and locks a directory, making it if need be. With <paramref name="ephemeral"/> nothing is read or written and state lives in
    /// memory. A directory that cannot be written also gives memory, with a problem that keeps the edge from being ready.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="ephemeral">Keep nothing.</param>
    /// <param name="inherited">The lock, when the process that held it has passed it on.</param>
    /// <exception cref="StateException">Another process owns the directory (EG3101).</exception>
    public static StateDirectory Open(string path, bool ephemeral, SafeFileHandle? inherited = null)
    {
        if (ephemeral)
        {
            return new StateDirectory(path, ephemeral: true, ownerLock: null);
        }

        try
        {
            var tightened = StateAccess.Prepare(path);
            var state = new StateDirectory(path, ephemeral: false, inherited is null ? StateAccess.Lock(path) : new FileStream(inherited, FileAccess.ReadWrite, bufferSize: 0));
            if (tightened is not null)
            {
                state.Report(tightened);
            }

            state.LoadHighWater();
            return state;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or (IOException and not StateException))
        {
            var state = new StateDirectory(path, ephemeral: false, ownerLock: null);
            state.Report(StateAccess.NotWritable(path, failure));
            return state;
        }
    }

    /// <summary>Replaces a file: written aside, flushed to the disk, renamed.</summary>
    /// <exception cref="StateException">It could not be written (EG3104); the old content stays.</exception>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            ThrowIfSuspended();
            Replace(name, content);
        }
    }

    /// <summary>Replaces a file for the process that takes over, which writes nothing before it is told to listen.</summary>
    /// <exception cref="StateException">It could not be written (EG3104); the old content stays.</exception>
    public void HandOn(string name, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            Replace(name, content);
        }
    }

    /// <summary>A file's bytes, or null when there is none.</summary>
    public byte[]? Read(string name)
    {
        lock (_gate)
        {
            if (!IsPersistent)
            {
                return _memory.GetValueOrDefault(name);
            }

            // Asked first: an exception takes milliseconds of a start, and of a new directory nothing is there yet.
            if (!File.Exists(PathOf(name)))
            {
                return null;
            }

            try
            {
                return File.ReadAllBytes(PathOf(name));
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>The content behind a checksum, or null; a torn or foreign file is set aside loudly.</summary>
    public byte[]? ReadChecksummed(string name, string consequence)
    {
        var wrapped = Read(name);
        if (wrapped is null)
        {
            return null;
        }

        var content = ChecksummedFile.Unwrap(wrapped);
        if (content is null)
        {
            SetAside(name, consequence);
        }

        return content;
    }

    /// <summary>Renames a file that cannot be believed to <c>NAME.set-aside</c> (the one before is replaced) and reports it.</summary>
    /// <param name="name">The file.</param>
    /// <param name="consequence">What follows from going on without it, for the message.</param>
    public void SetAside(string name, string consequence)
    {
        lock (_gate)
        {
            var kept = name + ".set-aside";
            if (!IsPersistent)
            {
                _memory.Remove(name);
            }
            else if (File.Exists(PathOf(name)))
            {
                File.Move(PathOf(name), PathOf(kept), overwrite: true);
                DirectorySync.Flush(DirectoryPath);
            }

            Report(new Diagnostic(
                StateCodes.FileSetAside, Severity.Warning, SourceLocation.None, string.Empty,
                $"{name} in the state directory {DirectoryPath} is torn or was not written by this product, and was set aside as {kept}: {consequence}",
                "look for a full disk, a lost volume or a second writer; the file that was set aside can be deleted"));
        }
    }

    /// <summary>Deletes the oldest files of a kind until no more than some are left. What cannot be deleted stays until the next time.</summary>
    public void Prune(string prefix, int most)
    {
        lock (_gate)
        {
            if (!IsPersistent)
            {
                foreach (var name in _memory.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).SkipLast(most).ToArray())
                {
                    _memory.Remove(name);
                }

                return;
            }

            try
            {
                var files = new DirectoryInfo(DirectoryPath).GetFiles(prefix + "*");
                foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).SkipLast(most))
                {
                    file.Delete();
                }
            }
            catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
            {
                return; // A directory that cannot be changed is reported by the next write.
            }
        }
    }

    /// <summary>The newest document accepted of a type.</summary>
    public HighWaterMark HighWater(DocumentType type)
    {
        lock (_gate)
        {
            return _marks.TryGetValue(type, out var mark) ? mark : HighWaterMark.None;
        }
    }

    /// <summary>Raises a mark, durably. A mark that is not above the present one of its lineage changes nothing.</summary>
    /// <exception cref="StateException">It could not be written; it is raised for the life of this process nevertheless.</exception>
    public void RaiseHighWater(DocumentType type, HighWaterMark mark)
    {
        lock (_gate)
        {
            var present = HighWater(type);
            if (present.Lineage == mark.Lineage && !present.IsBelow(mark.Epoch, mark.Sequence))
            {
                return;
            }

            _marks[type] = mark;
            var document = new HighWaterDocument
            {
                Marks = _marks.ToDictionary(
                    pair => pair.Key.ToString(),
                    pair => new HighWaterEntry(pair.Value.Lineage, pair.Value.Epoch, pair.Value.Sequence),
                    StringComparer.Ordinal),
            };
            Write(StateFiles.HighWater, ChecksummedFile.Wrap(JsonSerializer.SerializeToUtf8Bytes(document, StateJson.Default.HighWaterDocument)));
        }
    }

    /// <summary>From now on nothing is written. Whoever is writing is done when this returns.</summary>
    public void Suspend()
    {
        lock (_gate)
        {
            _suspended = true;
        }
    }

    /// <summary>Goes on as the owner: nobody took over after all.</summary>
    public void Resume() => _suspended = false;

    /// <summary>Refuses what would change the directory while another process takes it over.</summary>
    /// <exception cref="StateException">It does, or has (EG3110).</exception>
    public void ThrowIfSuspended()
    {
        if (_suspended)
        {
            throw new StateException(new Diagnostic(
                StateCodes.HandedOver, Severity.Error, SourceLocation.None, string.Empty,
                $"the state directory {DirectoryPath} is being taken over by another process of this edge",
                "try again in a moment: the process that takes over answers then, or this one when it does not"));
        }
    }

    /// <summary>
    /// The lock belongs to another process now. It lies on the open file that both share, and closing ours the framework's way would take it
    /// off for both: the descriptor stays open until this process ends.
    /// </summary>
    public void GiveAway() => _lock?.SafeFileHandle.SetHandleAsInvalid();

    /// <summary>Full path of a name; for files that are mapped or bound, not replaced.</summary>
    public string PathOf(string name) => Path.Combine(DirectoryPath, name);

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();

    private void Replace(string name, ReadOnlySpan<byte> content)
    {
        if (!IsPersistent)
        {
            _memory[name] = content.ToArray();
            return;
        }

        try
        {
            AtomicFile.Write(PathOf(name), content);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            var problem = new Diagnostic(
                StateCodes.WriteFailed, Severity.Error, SourceLocation.None, string.Empty,
                $"{name} could not be written in the state directory {DirectoryPath}: {failure.Message}",
                "free space on the volume, or make it writable again; the edge goes on with what is in force");
            Report(problem);
            throw new StateException(problem, failure);
        }
    }

    private void LoadHighWater()
    {
        const string Consequence =
            "an older bundle is now refused only below bundle.min_version and below what the other files of this directory prove";
        var content = ReadChecksummed(StateFiles.HighWater, Consequence);
        if (content is null)
        {
            return;
        }

        var document = HighWaterDocument.Read(content);
        if (document is null)
        {
            SetAside(StateFiles.HighWater, Consequence);
            return;
        }

        foreach (var (name, entry) in document.Marks)
        {
            // A type that only a newer binary knows is not ours to judge by.
            if (Enum.TryParse<DocumentType>(name, out var type))
            {
                _marks[type] = new HighWaterMark(entry.Lineage, entry.Epoch, entry.Sequence);
            }
        }
    }

    /// <summary>Reports that something which should outlive this process does not: the edge is not ready.</summary>
    public void ReportLost(Diagnostic problem)
    {
        _lost = true;
        Report(problem);
    }

    /// <summary>Adds a problem to those that are shown.</summary>
    public void Report(Diagnostic problem)
    {
        const int MaxProblems = 50;
        lock (_gate)
        {
            _problems = _problems.Length < MaxProblems ? _problems.Add(problem) : _problems.RemoveAt(0).Add(problem);
        }
    }
}
