using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Collects what validators find, up to a bound, and gives it back in document order.</summary>
internal sealed class Findings
{
    /// <summary>More than this helps nobody, and a document made of mistakes must not become a document of messages.</summary>
    public const int Max = 1000;

    private readonly List<Diagnostic> _list = [];
    private int _dropped;

    public bool HasErrors { get; private set; }

    public void Error(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Error, location, path, message, fix));

    public void Warning(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Warning, location, path, message, fix));

    public void Hint(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Hint, location, path, message, fix));

    public void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == Severity.Error;
        if (_list.Count < Max)
        {
            _list.Add(diagnostic);
        }
        else
        {
            _dropped++;
        }
    }

    /// <summary>All findings in document order; findings at one place stay in the order in which they were made.</summary>
    public ImmutableArray<Diagnostic> InDocumentOrder()
    {
        var ordered = _list.OrderBy(d => d.Location.Line).ThenBy(d => d.Location.Column).ToList();
        if (_dropped > 0)
        {
            ordered.Add(new Diagnostic(
                StructureCodes.TooManyFindings,
                HasErrors ? Severity.Error : Severity.Warning,
                SourceLocation.None,
                string.Empty,
                $"{_dropped} more findings are not shown",
                "fix those above and validate again"));
        }

        return [.. ordered];
    }
}
