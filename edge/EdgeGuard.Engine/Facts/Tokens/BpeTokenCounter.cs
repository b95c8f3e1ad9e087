using System.Buffers;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>
/// Counts the tokens of byte-pair encoding: within each piece of a text the pair of neighbours of the lowest rank is put together until none is left. A piece of
/// n bytes takes time in proportion to n log n, however it is made.
/// </summary>
public sealed class BpeTokenCounter(BpeVocabulary vocabulary, SplitPattern pattern) : ITokenCounter
{
    /// <summary>Longest piece that is counted at once: a MiB of one letter would take seconds, and no text has such words. Parts make a token more each at most.</summary>
    private const int MaxPiece = 1024;

    /// <summary>Longest piece that is worked on without borrowed memory.</summary>
    private const int SmallPiece = 64;

    // Each byte, and two pairs anew for each time that one is put together.
    private const int EntriesPerByte = 3;

    /// <inheritdoc />
    public long Count(ReadOnlySpan<byte> text)
    {
        long count = 0;
        while (!text.IsEmpty)
        {
            var length = TextSplitter.Next(text, pattern);
            for (var rest = text[..length]; !rest.IsEmpty;)
            {
                var piece = rest[..Math.Min(rest.Length, MaxPiece)];
                count += piece.Length == 1 || vocabulary.RankOf(piece) >= 0 ? 1 : CountPiece(piece);
                rest = rest[piece.Length..];
            }

            text = text[length..];
        }

        return count;
    }

    private int CountPiece(ReadOnlySpan<byte> piece)
    {
        var length = piece.Length;
        if (length <= SmallPiece)
        {
            Span<int> links = stackalloc int[EntriesPerByte * SmallPiece];
            Span<ulong> heap = stackalloc ulong[EntriesPerByte * SmallPiece];
            return new BpeMerge(vocabulary, piece, links, heap).Run();
        }

        var rentedLinks = ArrayPool<int>.Shared.Rent(EntriesPerByte * length);
        var rentedHeap = ArrayPool<ulong>.Shared.Rent(EntriesPerByte * length);
        var count = new BpeMerge(vocabulary, piece, rentedLinks, rentedHeap).Run();
        ArrayPool<int>.Shared.Return(rentedLinks);
        ArrayPool<ulong>.Shared.Return(rentedHeap);
        return count;
    }
}
