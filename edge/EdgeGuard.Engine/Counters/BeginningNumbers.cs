namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Numbers for new beginnings of buckets that may be given something back long after. Counters with the same <see cref="IndexOf"/> share one
/// sequence; a bucket keeps the low bits of its number. Two beginnings of one bucket have different numbers, so those low bits can only be the
/// same if the sequence has come round to them: <see cref="MayBeLater"/> tells whether it has.
/// </summary>
/// <remarks>
/// In memory only, 32 KiB a table: no admission outlives its process. With 12 to 16 bits kept, a sequence comes round to one number once in
/// 4096 to 65 536 beginnings among a 4096th of all callers; only then may a give-back be lost, and never is one honoured wrongly. Two processes
/// that share a table during a takeover number on their own: there a beginning in the other is taken for an old one once in as many.
/// </remarks>
internal sealed class BeginningNumbers
{
    private const int Bits = 12;

    private readonly long[] _last = new long[1 << Bits];

    /// <summary>The number of a new beginning. To be asked for after the bucket was found full, and before that is written.</summary>
    public long Next(in CounterKey key) => Interlocked.Increment(ref _last[IndexOf(in key)]);

    /// <summary>The last number given out.</summary>
    public long Last(in CounterKey key) => Volatile.Read(ref _last[IndexOf(in key)]);

    /// <summary>Whether a number that was given out after another has the same low bits as the one that a bucket keeps.</summary>
    /// <param name="key">The bucket.</param>
    /// <param name="kept">The low bits.</param>
    /// <param name="mask">Which those are.</param>
    /// <param name="since">The last number at a moment when the bucket kept those bits already.</param>
    public bool MayBeLater(in CounterKey key, ulong kept, ulong mask, long since)
    {
        var first = since + 1 + (long)((kept - (ulong)since - 1) & mask);
        return first <= Last(in key);
    }

    private static int IndexOf(in CounterKey key) => (int)(key.High >> (64 - Bits));
}
