using System.Numerics;

namespace EdgeGuard.Engine.Bots;

/// <summary>Tells which kind of bot a User-Agent names. One pass, no allocation, two to three nanoseconds a character.</summary>
public static class UserAgentClassifier
{
    /// <summary>Characters looked at: browsers send 100 to 250. A bot that hides behind more could as well leave its name out.</summary>
    public const int MaxLength = 1024;

    private static readonly BotToken[] Tokens = TokensOf();
    private static readonly TokenAutomaton Automaton = new(Tokens);

    /// <summary>The kind of bot, or none for what looks like a browser or an app.</summary>
    public static BotCategory Classify(ReadOnlySpan<char> userAgent) => ClassifyAny(userAgent);

    /// <summary>As <see cref="Classify(ReadOnlySpan{char})"/>, from bytes.</summary>
    public static BotCategory Classify(ReadOnlySpan<byte> userAgent) => ClassifyAny(userAgent);

    private static BotCategory ClassifyAny<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        text = text.Length > MaxLength ? text[..MaxLength] : text;
        var best = new Best();
        var state = TokenAutomaton.Start;
        for (var i = 0; i < text.Length; i++)
        {
            state = Automaton.Step(state, uint.CreateTruncating(text[i]));
            if (Automaton.LongestAt(state) >= 0)
            {
                Consider(text, i + 1, state, ref best);
            }
        }

        return best.Category;
    }

    // Of the tokens that end at a place the longest one that stands as a word counts.
    private static void Consider<T>(ReadOnlySpan<T> text, int end, int state, ref Best best)
        where T : unmanaged, IBinaryInteger<T>
    {
        do
        {
            ref readonly var token = ref Tokens[Automaton.LongestAt(state)];
            var start = end - token.Text.Length;
            if ((token.Suffix || IsBoundary(text, start - 1, token.Text[0])) && IsBoundary(text, end, token.Text[^1]))
            {
                // What begins at the same place and is longer says more: applebot-extended is not applebot.
                if (token.Category != BotCategory.None && (token.Rank > best.Rank || (token.Rank == best.Rank && start == best.Start)))
                {
                    best = new Best(token.Category, token.Rank, start);
                }

                return;
            }

            state = Automaton.ShorterThan(state);
        }
        while (state != 0);
    }

    // A word ends where letters and digits do; a token that ends with something else (java/) has its boundary in itself.
    private static bool IsBoundary<T>(ReadOnlySpan<T> text, int index, char edge)
        where T : unmanaged, IBinaryInteger<T> =>
        (uint)index >= (uint)text.Length || !char.IsAsciiLetterOrDigit(edge) || !IsWord(uint.CreateTruncating(text[index]));

    private static bool IsWord(uint c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');

    private static BotToken[] TokensOf()
    {
        var tokens = new List<BotToken>();
        foreach (var (category, names) in BotCatalog.Named)
        {
            foreach (var name in names)
            {
                tokens.Add(new BotToken(name, category, Suffix: false));
            }
        }

        foreach (var name in BotCatalog.Generic)
        {
            tokens.Add(new BotToken(name, BotCategory.Other, Suffix: true));
        }

        foreach (var name in BotCatalog.Excepted)
        {
            tokens.Add(new BotToken(name, BotCategory.None, Suffix: false));
        }

        return [.. tokens];
    }

    private readonly record struct Best(BotCategory Category, int Rank, int Start);
}
