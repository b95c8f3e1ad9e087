using System.Text;

namespace EdgeGuard.Cli.Tests.Documents;

/// <summary>As much of a shell as documents need: words, quotes, comments, and what separates commands.</summary>
internal static class ShellText
{
    private static readonly char[] Separators = ['&', '|', ';', '<', '>', '(', ')', '\n'];

    /// <summary>The commands of a text, each as its words; redirections and substitutions begin a command of their own.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Commands(string text)
    {
        List<IReadOnlyList<string>> commands = [];
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        string joined = text.Replace("\\\n", " ", StringComparison.Ordinal);
        for (int i = 0; i < joined.Length; i++)
        {
            char c = joined[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                _ = quote == '\0' ? word : word!.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (c == '#' && word is null)
            {
                int end = joined.IndexOf('\n', i);
                i = (end < 0 ? joined.Length : end) - 1;
            }
            else if (char.IsWhiteSpace(c) || Separators.Contains(c))
            {
                EndWord();
                if (Separators.Contains(c))
                {
                    EndCommand();
                }
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        EndWord();
        EndCommand();
        return commands;

        void EndWord()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }

        void EndCommand()
        {
            if (words.Count > 0)
            {
                commands.Add(words);
                words = [];
            }
        }
    }
}
