using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EdgeGuard.Engine.Counters;

/// <summary>The eight cells that a key may be in. Unsafe because it reads cells in place.</summary>
/// <remarks>Keys are passed by value: by reference they would have to be in memory and be read back from there, even those that are found at once.</remarks>
internal static unsafe class CellSet
{
    /// <summary>
    /// Where in its set a key looks first: three bits of the low word that choose no set, since of the two it is ready three rounds of the hash earlier,
    /// 6 ns, in which the cell can be read already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Start(CounterKey key) => (uint)(key.Low >> 61);

    /// <summary>The cell of a key, or null. Takes no lock; what it finds may be claimed for another key at any moment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Cell* Find(Cell* set, CounterKey key)
    {
        // A key that found its set empty is where it starts.
        var first = set + Start(key);
        return first->KeyLow == key.Low && first->KeyHigh == key.High ? first : FindElsewhere(set, key);
    }

    /// <summary>Asks for the cell where a key looks first, without waiting for it; nothing where the processor cannot be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(Cell* set, in CounterKey key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(set + Start(key));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Cell* FindElsewhere(Cell* set, CounterKey key)
    {
        var start = Start(key);

        // Without a branch for each: most of what is not in the first place is nowhere, such as parts of a window in which nothing was taken.
        var low = key.Low;
        if (!(set->KeyLow == low | set[1].KeyLow == low | set[2].KeyLow == low | set[3].KeyLow == low
            | set[4].KeyLow == low | set[5].KeyLow == low | set[6].KeyLow == low | set[7].KeyLow == low))
        {
            return null;
        }

        for (var i = 1u; i < CounterRegion.CellsPerSet; i++)
        {
            var cell = set + ((start + i) & (CounterRegion.CellsPerSet - 1));
            if (cell->KeyLow == low && cell->KeyHigh == key.High)
            {
                return cell;
            }
        }

        return null;
    }
}
