using EdgeGuard.Engine.Bots;

namespace EdgeGuard.Engine.Tests.Bots;

/// <summary>What a bot is, said once more without an automaton: each token is searched for on its own.</summary>
internal static class ReferenceClassifier
{
    public static bool IsBot(string userAgent)
    {
        var text = userAgent.ToLowerInvariant();
        return BotCatalog.Named.Any(entry => entry.Tokens.Any(token => HasWord(text, token, suffix: false)))
            || BotCatalog.Generic.Any(token => HasWord(text, token, suffix: true));
    }

    private static bool HasWord(string text, string token, bool suffix)
    {
        for (var at = text.IndexOf(token, StringComparison.Ordinal); at >= 0; at = text.IndexOf(token, at + 1, StringComparison.Ordinal))
        {
            var end = at + token.Length;
            var excepted = suffix && BotCatalog.Excepted.Any(word => text.AsSpan(0, end).EndsWith(word, StringComparison.Ordinal) && IsEdge(text, end - word.Length - 1, word[0]));
            if ((suffix || IsEdge(text, at - 1, token[0])) && IsEdge(text, end, token[^1]) && !excepted)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEdge(string text, int index, char edge) =>
        index < 0 || index >= text.Length || !char.IsAsciiLetterOrDigit(edge) || !char.IsAsciiLetterOrDigit(text[index]);
}
