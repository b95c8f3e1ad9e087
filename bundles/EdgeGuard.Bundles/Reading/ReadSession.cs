using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Reading;

/// <summary>What reading one text keeps beside its nodes: findings, counts against the limits, and the path to where it is.</summary>
internal sealed class ReadSession(string fileName, ReadLimits limits)
{
    /// <summary>More findings than this help nobody, and a hostile text must not make millions of them.</summary>
    public const int MaxDiagnostics = 100;

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<PathSegment> _path = [];
    private bool _full;

    public ReadLimits Limits => limits;

    public bool HasErrors { get; private set; }

    /// <summary>Values so far, aliases expanded.</summary>
    public int Nodes { get; private set; }

    /// <summary>Characters of texts and keys so far, aliases expanded: what a document can grow to when written out.</summary>
    public long Characters { get; private set; }

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public void Enter(string key) => _path.Add(new PathSegment(key, 0));

    public void Enter(int index) => _path.Add(new PathSegment(null, index));

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Counts values and their characters; false (with a finding) when that is more than the limits allow.</summary>
    public bool Count(int nodes, long characters, int line, int column)
    {
        Nodes = (int)Math.Min(int.MaxValue, (long)Nodes + nodes);
        Characters += characters;
        if (Nodes > limits.MaxNodes)
        {
            Error(
                ReadingCodes.TooManyValues,
                line,
                column,
                $"the document holds more than {limits.MaxNodes} values, with aliases expanded",
                "split the document, or use fewer aliases");
            return false;
        }

        if (Characters > limits.MaxBytes)
        {
            Error(
                ReadingCodes.TooManyValues,
                line,
                column,
                $"the texts of the document come to more than {limits.MaxBytes} characters, with aliases expanded",
                "use fewer aliases to long texts");
            return false;
        }

        return true;
    }

    /// <summary>Checks the length of one text; a finding, but reading goes on.</summary>
    public void CheckLength(string text, int line, int column)
    {
        if (text.Length > limits.MaxStringLength)
        {
            Error(
                ReadingCodes.StringTooLong,
                line,
                column,
                $"a text of {text.Length} characters is longer than the {limits.MaxStringLength} allowed",
                "shorten it");
        }
    }

    public void TooDeep(int line, int column) =>
        Error(
            ReadingCodes.TooDeep,
            line,
            column,
            $"maps and lists are nested more than {limits.MaxDepth} deep",
            "no part of a document needs that depth: look for a bracket or an indentation too many");

    public void Duplicate(string key, SourceLocation first, int line, int column) =>
        Error(
            ReadingCodes.DuplicateKey,
            line,
            column,
            $"key '{Shorten(key)}' is here twice; the first is in line {first.Line}, column {first.Column}",
            "remove one of them");

    public void Error(string code, int line, int column, string message, string fix) =>
        Add(Severity.Error, code, line, column, message, fix);

    public void Warning(string code, int line, int column, string message, string fix) =>
        Add(Severity.Warning, code, line, column, message, fix);

    public SourceLocation At(int line, int column) => new(fileName, line, column);

    /// <summary>The result: no root when anything was an error.</summary>
    public NodeReadResult Finish(Node? root)
    {
        var result = new NodeReadResult(HasErrors ? null : root, [.. _diagnostics]);
        return result;
    }

    /// <summary>A text short enough to be shown, without characters that could move a terminal's cursor.</summary>
    public static string Shorten(string text)
    {
        const int MaxShown = 60;
        var shown = text.Length > MaxShown ? string.Concat(text.AsSpan(0, MaxShown), "...") : text;
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }

    private void Add(Severity severity, string code, int line, int column, string message, string fix)
    {
        HasErrors |= severity == Severity.Error;
        if (_full)
        {
            return;
        }

        if (_diagnostics.Count == MaxDiagnostics)
        {
            _full = true;
            _diagnostics.Add(new Diagnostic(
                ReadingCodes.TooManyProblems,
                severity,
                At(line, column),
                string.Empty,
                $"there are more than {MaxDiagnostics} problems; the rest is not shown",
                "mend those above first"));
            return;
        }

        _diagnostics.Add(new Diagnostic(code, severity, At(line, column), FormatPath(), message, fix));
    }

    private string FormatPath()
    {
        var text = new StringBuilder();
        foreach (var segment in _path)
        {
            if (segment.Key is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{segment.Index}]");
            }
            else
            {
                text.Append(text.Length == 0 ? string.Empty : ".").Append(Shorten(segment.Key));
            }
        }

        return text.ToString();
    }

    private readonly record struct PathSegment(string? Key, int Index);
}
