using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Collects what validators find, up to a bound, and gives it back in document order.</summary>
internal sealed class Findings
{
    /// <summary>More errors than this help nobody, and a document made of mistakes must not become a document of messages.</summary>
    public const int MaxErrors = 1000;

    /// <summary>Warnings and hints have their own bound, so that they never push an error out.</summary>
    public const int MaxOthers = 1000;

    private readonly List<Diagnostic> _list = [];
    private int _errors;
    private int _others;

    public bool HasErrors => _errors > 0;

    /// <summary>Whether further errors are only counted.</summary>
    public bool IsFull => _errors >= MaxErrors;

    public void Error(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Error, location, path, message, fix));

    public void Warning(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Warning, location, path, message, fix));

    public void Hint(string code, SourceLocation location, string path, string message, string fix) =>
        Add(new Diagnostic(code, Severity.Hint, location, path, message, fix));

    public void Add(Diagnostic diagnostic)
    {
        var isError = diagnostic.Severity == Severity.Error;
        var room = isError ? _errors < MaxErrors : _others < MaxOthers;
        _errors += isError ? 1 : 0;
        _others += isError ? 0 : 1;
        if (room)
        {
            _list.Add(diagnostic);
        }
    }

    /// <summary>All findings in document order; findings at one place stay in the order in which they were made.</summary>
    public ImmutableArray<Diagnostic> InDocumentOrder()
    {
        var ordered = _list.OrderBy(d => d.Location.Line).ThenBy(d => d.Location.Column).ToList();
        var dropped = _errors + _others - _list.Count;
        if (dropped > 0)
        {
            ordered.Add(new Diagnostic(
                StructureCodes.TooManyFindings,
                _errors > MaxErrors ? Severity.Error : Severity.Hint,
                SourceLocation.None,
                string.Empty,
                $"{dropped} more findings are not shown",
                "fix those above and validate again"));
        }

        return [.. ordered];
    }
}
