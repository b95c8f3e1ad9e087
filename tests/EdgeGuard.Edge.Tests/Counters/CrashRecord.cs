using System.IO.MemoryMappedFiles;

namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>
/// What the killed process had seen: mapped too, so that it is whole to the last store. Each thread has its own part: how many requests it has
/// begun, the key it is asking for (from 1; 0 for none), and how often each key was admitted to it.
/// </summary>
internal sealed class CrashRecord : IDisposable
{
    public const int Threads = 2;
    private const int PartHeader = 16;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _keys;

    public CrashRecord(string path, int keys)
    {
        _keys = keys;
        var bytes = (long)Threads * PartBytes;
        _file = MemoryMappedFile.CreateFromFile(
            new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite), null, bytes, MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes);
    }

    private int PartBytes => PartHeader + (_keys * sizeof(int));

    public long Begun => Enumerable.Range(0, Threads).Sum(thread => _view.ReadInt64((long)thread * PartBytes));

    public void Begin(int thread, int key)
    {
        var part = (long)thread * PartBytes;
        _view.Write(part + 8, (long)key + 1);
        _view.Write(part, _view.ReadInt64(part) + 1);
    }

    public void Admitted(int thread, int key)
    {
        var place = ((long)thread * PartBytes) + PartHeader + (key * sizeof(int));
        _view.Write(place, _view.ReadInt32(place) + 1);
    }

    public void End(int thread) => _view.Write(((long)thread * PartBytes) + 8, 0L);

    /// <summary>How often a key was admitted.</summary>
    public int Seen(int key) =>
        Enumerable.Range(0, Threads).Sum(thread => _view.ReadInt32(((long)thread * PartBytes) + PartHeader + (key * sizeof(int))));

    /// <summary>The keys that were being asked for; forgets them.</summary>
    public IReadOnlyList<int> TakeInFlight()
    {
        var keys = new List<int>();
        for (var thread = 0; thread < Threads; thread++)
        {
            var key = _view.ReadInt64(((long)thread * PartBytes) + 8);
            if (key != 0)
            {
                keys.Add((int)key - 1);
            }

            End(thread);
        }

        return keys;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
