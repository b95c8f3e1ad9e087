using System.Buffers;

namespace EdgeGuard.Edge.Bodies;

/// <summary>
/// Bytes that grow as they arrive, in pooled memory that is charged to the budget: a client that promises much and sends little keeps little.
/// </summary>
internal sealed class PooledBytes(BodyBudget budget) : IDisposable
{
    private const int FirstBytes = 4096;
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ArraySegment<byte> Segment => new(_bytes, 0, Length);

    /// <summary>Room for at least one more byte, and for no more than there are to be; empty when the budget is used up.</summary>
    public Memory<byte> Room(int most) => Length == _bytes.Length && !TryGrow(most)
        ? default
        : _bytes.AsMemory(Length, Math.Min(_bytes.Length, most) - Length);

    /// <summary>Counts what was written into <see cref="Room"/>.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Puts bytes in the place of others; false when the budget is used up.</summary>
    public bool TryReplace(int position, int removed, ReadOnlySpan<byte> inserted)
    {
        var length = Length - removed + inserted.Length;
        while (_bytes.Length < length)
        {
            if (!TryGrow(Math.Max(length, _bytes.Length + 1)))
            {
                return false;
            }
        }

        Span[(position + removed)..].CopyTo(_bytes.AsSpan(position + inserted.Length));
        inserted.CopyTo(_bytes.AsSpan(position));
        Length = length;
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            budget.Return(_bytes.Length);
            _bytes = [];
            Length = 0;
        }
    }

    private bool TryGrow(int most)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(most, Math.Max(FirstBytes, _bytes.Length * 2)));
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        Span.CopyTo(larger);
        var length = Length;
        Dispose();
        _bytes = larger;
        Length = length;
        return true;
    }
}
