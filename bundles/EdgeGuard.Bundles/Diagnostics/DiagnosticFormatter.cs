using System.Globalization;
using System.Text;

namespace EdgeGuard.Bundles.Diagnostics;

/// <summary>Writes diagnostics as people read them: <c>file:line:col error EG1204 path: message</c>, then the fix and its page.</summary>
public static class DiagnosticFormatter
{
    /// <summary>One diagnostic, over one or two lines, without a closing line feed.</summary>
    public static string Format(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        var text = new StringBuilder();
        var location = diagnostic.Location.ToString();
        if (location.Length > 0)
        {
            text.Append(location).Append(' ');
        }

        text.Append(Word(diagnostic.Severity)).Append(' ').Append(diagnostic.Code).Append(' ');
        if (diagnostic.Path.Length > 0)
        {
            text.Append(diagnostic.Path).Append(": ");
        }

        text.Append(diagnostic.Message).Append("\n  ");
        if (diagnostic.Fix.Length > 0)
        {
            text.Append("fix: ").Append(diagnostic.Fix).Append("        ");
        }

        text.Append(CultureInfo.InvariantCulture, $"docs/errors/{diagnostic.Code}.md");
        return text.ToString();
    }

    /// <summary>The severity as the word shown to people: <c>error</c>, <c>warning</c> or <c>hint</c>.</summary>
    public static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "hint",
    };
}
