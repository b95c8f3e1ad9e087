namespace EdgeGuard.Cli.Output;

/// <summary>
/// Text that came from elsewhere, made safe to print: an escape sequence in a kill switch's reason could rewrite what the reader sees.
/// </summary>
internal static class Printable
{
    public static string Clean(string text) =>
        text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAnyInRange('\u007f', '\u009f') < 0
            ? text
            : string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsControl(source[i]) ? '?' : source[i];
                }
            });

    /// <summary>The same for text of several lines.</summary>
    public static string CleanLines(string text) => string.Join('\n', text.Split('\n').Select(Clean));
}
