namespace EdgeGuard.Fuzz.Running;

/// <summary>Gives a reader of streams its input in pieces, which depend on the input alone.</summary>
internal static class Cuts
{
    /// <summary>Takes a piece.</summary>
    public delegate void Piece(ReadOnlySpan<byte> bytes);

    /// <summary>Pieces of 1 to 17 bytes, and sometimes empty ones.</summary>
    public static void Feed(ReadOnlySpan<byte> input, Piece take)
    {
        var random = new Random(input.Length);
        while (!input.IsEmpty)
        {
            var length = Math.Min(input.Length, random.Next(18));
            take(input[..length]);
            input = input[length..];
        }
    }
}
