using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// The bytes of <see cref="CounterLayout"/>: a mapped file, or plain memory. A completed store to mapped memory belongs to the kernel, so it
/// survives any death of the process.
/// <para>
/// <c>unsafe</c>, because the framework has no interlocked operation on mapped memory but through a pointer. The danger is a pointer into
/// memory that is gone: therefore there is no Dispose (the mapping, or the pinned array, lives as long as this object), and every index is
/// checked against the layout.
/// </para>
/// </summary>
internal sealed unsafe class CounterMemory
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly object _owner;
    private readonly byte* _start;

    private CounterMemory(MemoryMappedViewAccessor? view, object owner, byte* start)
    {
        _view = view;
        _owner = owner;
        _start = start;
    }

    /// <summary>Zeroed memory that ends with the process.</summary>
    public static CounterMemory Plain()
    {
        var array = GC.AllocateArray<byte>(CounterLayout.TotalBytes, pinned: true);
        return new CounterMemory(null, array, (byte*)Unsafe.AsPointer(ref array[0]));
    }

    /// <summary>Maps an existing file of exactly <see cref="CounterLayout.TotalBytes"/> bytes.</summary>
    /// <exception cref="IOException">The file cannot be opened or has another size.</exception>
    public static CounterMemory Map(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (file.Length != CounterLayout.TotalBytes)
        {
            throw new IOException($"The counter file has {file.Length} bytes instead of {CounterLayout.TotalBytes}.");
        }

        using var mapped = MemoryMappedFile.CreateFromFile(
            file, null, CounterLayout.TotalBytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        var view = mapped.CreateViewAccessor(0, CounterLayout.TotalBytes);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        view.SafeMemoryMappedViewHandle.ReleasePointer(); // What keeps the mapping is the reference to its view.
        return new CounterMemory(view, view, start);
    }

    /// <summary>One counter of one stripe.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long Counter(int stripe, int slot)
    {
        if ((uint)stripe >= CounterLayout.Stripes || (uint)slot >= CounterLayout.StripeSlots)
        {
            ThrowOutOfRange();
        }

        return ref Unsafe.AsRef<long>(_start + CounterLayout.HeaderBytes + (((stripe * CounterLayout.StripeSlots) + slot) * sizeof(long)));
    }

    /// <summary>A counter over all stripes.</summary>
    public long Sum(int slot)
    {
        var sum = 0L;
        for (var stripe = 0; stripe < CounterLayout.Stripes; stripe++)
        {
            sum += Volatile.Read(ref Counter(stripe, slot));
        }

        return sum;
    }

    /// <summary>The header's bytes.</summary>
    public Span<byte> Header => new(_start, CounterLayout.HeaderBytes);

    /// <summary>The bytes of one name.</summary>
    public Span<byte> Name(int slot)
    {
        if ((uint)slot >= CounterLayout.Capacity)
        {
            ThrowOutOfRange();
        }

        return new Span<byte>(_start + CounterLayout.NamesOffset + (slot * CounterLayout.NameBytes), CounterLayout.NameBytes);
    }

    /// <summary>Flushes a mapped file to the disk, so that a loss of power falls back no further than here.</summary>
    public void Flush()
    {
        _view?.Flush();
        GC.KeepAlive(_owner);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowOutOfRange() => throw new InvalidOperationException("A counter outside the layout.");
}
