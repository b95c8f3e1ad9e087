using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Matching;

/// <summary>
/// An immutable map from (scope, bytes) to a number, looked up by span: hosts, paths, path segments and kill switch values. What is in it
/// comes from a bundle; a request can only ask. Open addressing at half load, bytes of all keys in one block.
/// </summary>
internal sealed class ByteMap
{
    /// <summary>Answer for what is not there.</summary>
    public const int Missing = -1;

    private readonly Slot[] _slots;
    private readonly byte[] _bytes;
    private readonly int _mask;
    private readonly bool _isEmpty;

    private ByteMap(Slot[] slots, byte[] bytes, bool isEmpty)
    {
        _slots = slots;
        _bytes = bytes;
        _mask = slots.Length - 1;
        _isEmpty = isEmpty;
    }

    public static ByteMap Empty { get; } = Build([]);

    /// <summary>Builds a map; keys are unique.</summary>
    public static ByteMap Build(IReadOnlyCollection<(int Scope, byte[] Key, int Value)> entries)
    {
        var slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, entries.Count * 2))];
        var total = 0;
        foreach (var entry in entries)
        {
            total += entry.Key.Length;
        }

        var bytes = new byte[total];
        var used = 0;
        foreach (var (scope, key, value) in entries)
        {
            var hash = Hash(scope, key);
            var index = (int)hash & (slots.Length - 1);
            while (slots[index].Used)
            {
                index = (index + 1) & (slots.Length - 1);
            }

            key.CopyTo(bytes, used);
            slots[index] = new Slot(hash, scope, used, key.Length, value, WordOf(key), Used: true);
            used += key.Length;
        }

        return new ByteMap(slots, bytes, entries.Count == 0);
    }

    /// <summary>The number of a key, or <see cref="Missing"/>.</summary>
    public int Find(int scope, ReadOnlySpan<byte> key)
    {
        if (_isEmpty)
        {
            // Most bundles name no hosts or no methods; hashing a request's only to find nothing took 30 ns of 250.
            return Missing;
        }

        var hash = Hash(scope, key);
        var word = WordOf(key);

        // Half of the slots are free, so this ends.
        for (var index = (int)hash & _mask; ; index = (index + 1) & _mask)
        {
            ref readonly var slot = ref _slots[index];
            if (!slot.Used)
            {
                return Missing;
            }

            if (slot.Hash == hash && slot.Scope == scope && slot.Length == key.Length && slot.Word == word
                && (key.Length <= sizeof(ulong) || key.SequenceEqual(_bytes.AsSpan(slot.Offset, slot.Length))))
            {
                return slot.Value;
            }
        }
    }

    // Not keyed: a client cannot add entries, so it can choose which slot is looked at, but not how long the look takes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(int scope, ReadOnlySpan<byte> key)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = ((ulong)(uint)scope << 32 | (uint)key.Length) * Factor;
        while (key.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 29) ^ MemoryMarshal.Read<ulong>(key)) * Factor;
            key = key[8..];
        }

        if (!key.IsEmpty)
        {
            hash = (BitOperations.RotateLeft(hash, 29) ^ Tail(key)) * Factor;
        }

        return (uint)((hash ^ (hash >> 29)) >> 16);
    }

    // A key of up to eight bytes, such as most segments of a path, is compared as a word: with its length it is all of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WordOf(ReadOnlySpan<byte> key) =>
        key.Length >= sizeof(ulong) ? MemoryMarshal.Read<ulong>(key) : key.IsEmpty ? 0 : Tail(key);

    // One to seven bytes as a word: two overlapping reads instead of a multiplication for each byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Tail(ReadOnlySpan<byte> bytes) => bytes.Length >= 4
        ? MemoryMarshal.Read<uint>(bytes) | ((ulong)MemoryMarshal.Read<uint>(bytes[^4..]) << 32)
        : bytes[0] | ((ulong)bytes[bytes.Length >> 1] << 8) | ((ulong)bytes[^1] << 16);

    private readonly record struct Slot(uint Hash, int Scope, int Offset, int Length, int Value, ulong Word, bool Used);
}
