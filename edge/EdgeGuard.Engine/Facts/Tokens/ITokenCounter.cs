namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Counts the tokens of texts exactly, by the vocabulary of a model. Safe for use by many threads; never throws for what a client sends.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens of a text.</summary>
    /// <param name="text">UTF-8. What is no UTF-8 counts as U+FFFD does.</param>
    long Count(ReadOnlySpan<byte> text);
}
