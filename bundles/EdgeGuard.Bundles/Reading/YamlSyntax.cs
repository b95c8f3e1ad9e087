using YamlDotNet.Core;

namespace EdgeGuard.Bundles.Reading;

/// <summary>
/// Says in our own words what is wrong with a YAML text. The parser speaks of tokens and indicators; who wrote the file needs to know
/// about the tab, the quote or the colon.
/// </summary>
internal static class YamlSyntax
{
    /// <summary>Adds the finding for a text that the parser gave up on.</summary>
    public static void Report(string text, YamlException problem, ReadSession session)
    {
        // An unclosed quote or bracket is reported by the parser at the end of the text; where it was opened helps more.
        var message = problem.Message;
        var unclosed = message.Contains("unexpected end of stream", StringComparison.Ordinal);
        var mark = unclosed || problem.End.Line < problem.Start.Line ? problem.Start : problem.End;
        var line = (int)Math.Max(1, mark.Line);
        var column = (int)Math.Max(1, mark.Column);
        var source = GetLine(text, line);
        var (what, fix) = Explain(message, source, column, unclosed);
        session.Error(ReadingCodes.YamlSyntax, line, column, what, fix);
    }

    private static (string Message, string Fix) Explain(string message, string source, int column, bool unclosed)
    {
        var indentation = source.AsSpan(0, source.Length - source.AsSpan().TrimStart(" \t").Length);
        var at = column <= source.Length ? source[column - 1] : '\0';
        if (indentation.Contains('\t') || at == '\t' || Says(message, "tab character"))
        {
            return ("a tab is used where YAML wants spaces", "indent with spaces only");
        }

        if (unclosed && Says(message, "quoted scalar"))
        {
            return ("a quoted text is opened here and never closed", "add the closing quote");
        }

        if (Says(message, "mapping values are not allowed") || Says(message, "Mapping values are not allowed"))
        {
            return (
                "a colon and a space stand where no key can be: a second colon in the line, or the line is indented too far",
                "put texts that hold ': ' in quotes, and align the keys of a map");
        }

        if (at is '@' or '`' or '%')
        {
            return ($"a plain text cannot start with '{at}'", "put the text in quotes");
        }

        if (Says(message, "escape"))
        {
            return ("a text in double quotes holds a backslash that starts no known escape", "write \\\\ for a backslash, or use single quotes");
        }

        if (Says(message, "flow") || Says(message, "',' or"))
        {
            return ("a list [..] or map {..} is not closed, or a comma is missing in it", "close the bracket, put commas between entries, and quote texts that hold { } [ ] or ,");
        }

        if (Says(message, "anchor") || Says(message, "alias"))
        {
            return ("a plain text cannot start with '&' or '*': they name anchors and aliases", "put the text in quotes");
        }

        if (Says(message, "tag"))
        {
            return ("a plain text cannot start with '!': it names a tag", "put the text in quotes");
        }

        if (Says(message, "directive"))
        {
            return ("a line starts with '%', which names a YAML directive", "remove the line, or put the text in quotes");
        }

        return (
            "the YAML is malformed here: most often an indentation that fits no line above, a missing '- ' or a missing colon after a key",
            "align this line with those above, and write keys as 'key: value'");
    }

    private static bool Says(string message, string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string GetLine(string text, int line)
    {
        var start = 0;
        for (var i = 1; i < line; i++)
        {
            var next = text.IndexOf('\n', start);
            if (next < 0)
            {
                break;
            }

            start = next + 1;
        }

        var end = text.IndexOf('\n', start);
        return (end < 0 ? text[start..] : text[start..end]).TrimEnd('\r');
    }
}
