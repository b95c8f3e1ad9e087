using System.Buffers;
using YamlDotNet.Core;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Says in our own words what is wrong with a YAML text. The parser speaks of tokens and indicators; who wrote the file needs to know
/// about the tab, the quote or the colon.
/// </summary>
internal static class YamlSyntax
{
    private const string QuoteFix = "put the text in quotes";

    private const string ColonMessage =
        "a colon and a space stand where no key can be: a second colon in the line, a line indented too far, or a key without a colon in the line before";

    private const string ColonFix = "give every key its colon, align the keys of a map, and put texts that hold ': ' in quotes";

    private const string FlowMessage = "a list [..] or map {..} is not closed, or a comma is missing in it";

    // YAML 1.2.2 section 5.1: of the C0 controls only these may stand in a text as they are.
    private static readonly SearchValues<char> Controls =
        SearchValues.Create(string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c).Except("\t\n\r")) + "\u007F");

    // Part of the parser's sentence (of YamlDotNet 16), what it means, what to do. The first that fits is shown.
    private static readonly (string Part, string Message, string Fix)[] Known =
    [
        ("quoted scalar, found unexpected end", "a quoted text is opened here and never closed", "add the closing quote"),
        ("unknown escape", "a text in double quotes holds a backslash that starts no known escape", "write \\\\ for a backslash, or use single quotes"),
        ("surrogate", "an escape in this text is half of a surrogate pair and stands for no character", "write the character itself"),
        ("invalid mapping", ColonMessage, ColonFix),
        ("apping values are not allowed", ColonMessage, ColonFix),
        ("anchor or alias", "a plain text cannot start with '&' or '*': they name anchors and aliases", QuoteFix),
        ("scanning a tag", "a plain text cannot start with '!': it names a tag", QuoteFix),
        ("directive", "a line starts with '%', which names a YAML directive", "remove the line, or put the text in quotes"),
        ("entries are not allowed in this context", "a list item ('- ') cannot start here", "begin the list on a line of its own, or put a plain '-' in quotes"),
        ("block scalar", "after | or > the line has to end; the text starts on the next line, indented further than its key", "move the text to the next line, indented with spaces"),
        ("flow", FlowMessage, "close the bracket, put commas between entries, and quote texts that hold { } [ ] or ,"),
        ("expected node content", FlowMessage, "close the bracket, put commas between entries, and quote texts that hold { } [ ] or ,"),
        ("expected '-' indicator", "this line stands at the depth of a list but is no item of it", "write '- ' before it, or indent it like the map it belongs to"),
        ("expected ':'", "a key without a colon", "write keys as 'key: value'"),
    ];

    /// <summary>Adds a finding for the first control character, which the parser would let through; false when there is one.</summary>
    public static bool CheckControls(string text, ReadSession session)
    {
        var index = text.AsSpan().IndexOfAny(Controls);
        if (index < 0)
        {
            return true;
        }

        var line = text.AsSpan(0, index).Count('\n') + 1;
        session.Error(
            ReadingCodes.YamlSyntax,
            line,
            index - text.AsSpan(0, index).LastIndexOf('\n'),
            $"the control character U+{(int)text[index]:X4} cannot stand in YAML",
            "remove it, or write it as an escape in double quotes, such as \"\\x1b\"");
        return false;
    }

    /// <summary>Adds the finding for a text that the parser gave up on.</summary>
    public static void Report(string text, YamlException problem, ReadSession session)
    {
        var line = (int)Math.Max(1, problem.Start.Line);
        var column = (int)Math.Max(1, problem.Start.Column);
        if (problem.Message.Contains(" tab ", StringComparison.Ordinal) && FindTab(text, line) is var tab and > 0)
        {
            session.Error(ReadingCodes.YamlSyntax, tab, 1, "a tab is used where YAML wants spaces", "indent with spaces only");
            return;
        }

        var (message, fix) = Explain(problem.Message, GetLine(text, line), column);
        session.Error(ReadingCodes.YamlSyntax, line, column, message, fix);
    }

    /// <summary>Adds the finding for a text on which the parser itself failed: seen for a flow list that is not closed.</summary>
    public static void ReportUnknown(Mark last, ReadSession session) =>
        session.Error(
            ReadingCodes.YamlSyntax,
            (int)Math.Max(1, last.Line),
            (int)Math.Max(1, last.Column),
            FlowMessage,
            "close the bracket, put commas between entries, and quote texts that hold { } [ ] or ,");

    private static (string Message, string Fix) Explain(string problem, string source, int column)
    {
        foreach (var (part, message, fix) in Known)
        {
            if (problem.Contains(part, StringComparison.Ordinal))
            {
                return (message, fix);
            }
        }

        if (column <= source.Length && source[column - 1] is '@' or '`' or '%' or '\t')
        {
            return source[column - 1] == '\t'
                ? ("a tab is used where YAML wants spaces", "indent with spaces only")
                : ($"a plain text cannot start with '{source[column - 1]}'", QuoteFix);
        }

        return (
            "the YAML is malformed here: most often an indentation that fits no line above, text after a closing quote, or a missing colon after a key",
            "align this line with those above, and write keys as 'key: value'");
    }

    /// <summary>The first line from <paramref name="line"/> on whose indentation holds a tab, or 0.</summary>
    private static int FindTab(string text, int line)
    {
        var number = 0;
        foreach (var source in text.AsSpan().EnumerateLines())
        {
            number++;
            if (number >= line && source[..(source.Length - source.TrimStart(" \t").Length)].Contains('\t'))
            {
                return number;
            }
        }

        return 0;
    }

    private static string GetLine(string text, int line)
    {
        var number = 0;
        foreach (var source in text.AsSpan().EnumerateLines())
        {
            if (++number == line)
            {
                return source.ToString();
            }
        }

        return string.Empty;
    }
}
