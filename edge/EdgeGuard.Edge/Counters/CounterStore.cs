using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Counters;
using Microsoft.Win32.SafeHandles;

namespace EdgeGuard.Edge.Counters;

/// <summary>
/// The counters of the edge and the clock that they count by: in the file <c>counters.dat</c> of the state directory, or in plain memory when
/// there is nothing to be kept. What cannot be used is set aside, never deleted.
/// </summary>
internal sealed class CounterStore : IDisposable
{
    private const string Aside = ".tmp";
    private readonly CounterFile? _file;

    private CounterStore(CounterFile? file, CounterTable table, EdgeClock clock, IBootClock boot)
    {
        _file = file;
        Boot = boot;
        Table = table;
        Clock = clock;
    }

    /// <summary>The counters.</summary>
    public CounterTable Table { get; }

    /// <summary>The time that they count by.</summary>
    public EdgeClock Clock { get; }

    /// <summary>The machine's clock.</summary>
    public IBootClock Boot { get; }

    /// <summary>Whether the counters outlive this process.</summary>
    public bool IsPersistent => _file is not null;

    /// <summary>Opens the file, or makes one.</summary>
    /// <param name="state">The state directory.</param>
    /// <param name="memoryBytes">Memory of the cells.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="boot">The machine's clock.</param>
    /// <exception cref="StateException">Another process uses the file (EG3107).</exception>
    public static CounterStore Open(StateDirectory state, long memoryBytes, TimeProvider time, IBootClock boot)
    {
        if (!state.IsPersistent)
        {
            return Plain(memoryBytes, time, boot);
        }

        var path = state.PathOf(StateFiles.Counters);
        try
        {
            File.Delete(path + Aside);
            var opened = File.Exists(path) ? OpenExisting(state, path, memoryBytes, time, boot) : null;
            return opened ?? CreateNew(path, memoryBytes, time, boot);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or (IOException and not StateException))
        {
            state.ReportLost(CounterProblems.NotKept(path, failure));
            return Plain(memoryBytes, time, boot);
        }
    }

    /// <summary>The open file, for the process that takes over; null when nothing is kept.</summary>
    public SafeFileHandle? Handle => _file?.Handle;

    /// <summary>Shares the file of the process that this one takes over, as large as it is and by the same clock.</summary>
    /// <exception cref="StateException">It is of another format (EG3111) or cannot be mapped (EG3106).</exception>
    public static CounterStore Share(SafeFileHandle handle, TimeProvider time, IBootClock boot)
    {
        CounterFile file;
        try
        {
            file = CounterFile.Adopt(handle);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new StateException(CounterProblems.NotKept(StateFiles.Counters, failure), failure);
        }

        var condition = CounterTable.Share(file.Memory, file.Bytes, file, out var table);
        return table is null
            ? throw new StateException(CounterProblems.NotShared(condition))
            : new CounterStore(file, table, new EdgeClock(time, boot, table), boot);
    }

    /// <summary>The lock belongs to another process now.</summary>
    public void GiveAway() => _file?.GiveAway();

    /// <inheritdoc />
    public void Dispose()
    {
        if (_file is null)
        {
            Table.Dispose();
        }
        else
        {
            _file.Release();
        }
    }

    private static CounterStore Plain(long memoryBytes, TimeProvider time, IBootClock boot)
    {
        var table = CounterTable.Create(NewOptions(memoryBytes));
        return new CounterStore(null, table, new EdgeClock(time, boot, table), boot);
    }

    private static CounterTableOptions NewOptions(long memoryBytes) =>
        new(memoryBytes, BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    private static CounterStore CreateNew(string path, long memoryBytes, TimeProvider time, IBootClock boot)
    {
        var options = NewOptions(memoryBytes);
        var file = CounterFile.Create(path + Aside, CounterTable.BytesFor(options));
        var table = CounterTable.Format(file.Memory, file.Bytes, options, file);
        var clock = new EdgeClock(time, boot, table);
        Replace(path, file);
        return new CounterStore(file, table, clock, boot);
    }

    // Null when there is nothing to go on with; then the file has another name.
    private static CounterStore? OpenExisting(StateDirectory state, string path, long memoryBytes, TimeProvider time, IBootClock boot)
    {
        if (new FileInfo(path).Length == 0)
        {
            SetAside(state, path, TableCondition.Foreign);
            return null;
        }

        var file = OpenLocked(path);
        var condition = CounterTable.Open(file.Memory, file.Bytes, file, out var table);
        if (table is null)
        {
            file.Release();
            SetAside(state, path, condition);
            return null;
        }

        var clock = new EdgeClock(time, boot, table);
        table.ForgetOverflow(clock.Nanoseconds);
        if (CounterTable.BytesFor(new CounterTableOptions(memoryBytes, default)) != file.Bytes
            && Resize(state, path, memoryBytes, table, clock.Nanoseconds) is { } resized)
        {
            file.Release();
            return new CounterStore(resized.File, resized.Table, new EdgeClock(time, boot, resized.Table), boot);
        }

        return new CounterStore(file, table, clock, boot);
    }

    private static CounterFile OpenLocked(string path)
    {
        try
        {
            return CounterFile.Open(path);
        }
        catch (IOException failure) when (StateAccess.IsLocked(failure))
        {
            throw new StateException(CounterProblems.InUse(path), failure);
        }
    }

    // Null when the table keeps the size that it has: what is alive does not fit into the new one, or the disk has no room for both.
    private static (CounterFile File, CounterTable Table)? Resize(
        StateDirectory state, string path, long memoryBytes, CounterTable table, long nanoseconds)
    {
        CounterFile? file = null;
        try
        {
            var options = table.OptionsFor(memoryBytes);
            file = CounterFile.Create(path + Aside, CounterTable.BytesFor(options));
            var resized = CounterTable.Format(file.Memory, file.Bytes, options, file);
            if (table.TryCopyTo(resized, nanoseconds))
            {
                Replace(path, file);
                return (file, resized);
            }

            state.Report(CounterProblems.SizeKept(path, memoryBytes, table.Capacity * CounterTable.CellBytes, "what is counted in it does not fit"));
        }
        catch (IOException failure)
        {
            state.Report(CounterProblems.SizeKept(path, memoryBytes, table.Capacity * CounterTable.CellBytes, failure.Message));
        }

        file?.Release();
        File.Delete(path + Aside);
        return null;
    }

    // On the disk before it has the name: a loss of power right now leaves the old file or the new one.
    private static void Replace(string path, CounterFile file)
    {
        file.Flush();
        File.Move(path + Aside, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static void SetAside(StateDirectory state, string path, TableCondition condition)
    {
        const int MostNames = 10_000;
        for (var number = 1; number <= MostNames; number++)
        {
            var kept = $"{path}.set-aside-{number}";
            if (!File.Exists(kept))
            {
                File.Move(path, kept);
                DirectorySync.Flush(state.DirectoryPath);
                state.Report(CounterProblems.SetAside(path, kept, condition));
                return;
            }
        }

        throw new IOException($"there are {MostNames} files that were set aside already");
    }
}
