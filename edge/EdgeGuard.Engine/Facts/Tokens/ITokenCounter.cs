namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Counts the tokens of texts exactly, by the vocabulary of a model. Safe for use by many threads; never throws for what a client sends.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of a text.</summary>
    /// <param name="text">UTF-8; what is none counts by its bytes.</param>
    long Count(ReadOnlySpan<byte> text);
}
