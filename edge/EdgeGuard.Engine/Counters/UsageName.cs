using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>Where one amount is counted: the cell's name, that of the rule's overflow counter for the same window, and the cell's metadata.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct UsageName
{
    // Odd constants with many bits, from the fractional parts of the square roots of 2, 3 and 5.
    private const ulong First = 0x6A09E667F3BCC909;
    private const ulong Second = 0xBB67AE8584CAA73B;
    private const ulong Third = 0x3C6EF372FE94F82B;

    public CounterKey Key;

    public CounterKey OverflowKey;

    public ulong Meta;

    /// <summary>Where in the cell's word to count.</summary>
    public int Shift;

    /// <summary>The name of one window of a counter.</summary>
    /// <param name="key">The counter's own name.</param>
    /// <param name="overflowKey">Of its rule.</param>
    /// <param name="shadow">Whether it counts in the shadow name space; its own name is there already.</param>
    /// <param name="start">Start of the window, or of the part of one.</param>
    /// <param name="length">Length of the part; 0 for a window of the calendar.</param>
    /// <param name="meta">Metadata with the expiry.</param>
    /// <remarks>
    /// One counter's windows never meet: the low word is the counter's own xor a bijection of the start. Two counters' own names differ by
    /// 128 bits of a keyed hash, and two of their windows meet only if that difference equals one particular number, the difference of two
    /// public mixes: an accident of 2^-128 that nobody can aim at without the table's key. Both words are well mixed, because the low one
    /// chooses the set and the cell to begin with.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UsageName Of(in CounterKey key, in CounterKey overflowKey, bool shadow, long start, long length, ulong meta)
    {
        var mix = MixOf(start, length);
        var overflow = shadow ? overflowKey.ForShadow() : overflowKey;
        UsageName name;
        name.Key = key.With(mix);
        name.OverflowKey = overflow.With(mix);
        name.Meta = meta;
        name.Shift = UsageWord.AmountShift;
        return name;
    }

    /// <summary>What distinguishes the name of one window, or part of one, from the counter's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Low, ulong High) MixOf(long start, long length)
    {
        var low = Mix((ulong)start ^ ((ulong)length * Third));
        return (low, (low ^ (low >> 29)) * Second);
    }

    /// <summary>The name of a counter of requests in flight, of which each process counts its own.</summary>
    public static UsageName Of(in CounterKey key, in CounterKey overflowKey, bool shadow, ulong meta, int shift)
    {
        UsageName name;
        name.Key = key;
        name.OverflowKey = shadow ? overflowKey.ForShadow() : overflowKey;
        name.Meta = meta;
        name.Shift = shift;
        return name;
    }

    // A bijection: both steps, a multiplication by an odd number and the xor of a word with its own upper bits, can be undone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value *= First;
        value ^= value >> 32;
        value *= Second;
        return value ^ (value >> 29);
    }
}
