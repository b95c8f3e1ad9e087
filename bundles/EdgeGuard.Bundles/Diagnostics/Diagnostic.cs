namespace EdgeGuard.Bundles.Diagnostics;

/// <summary>One finding: where, what is wrong with which value, and what to do. The one shape for every problem of the product.</summary>
/// <param name="Code">Stable code, <c>EG</c> and four digits; has a page in <c>docs/errors/</c>.</param>
/// <param name="Severity">Only errors refuse.</param>
/// <param name="Location">Place in the source; <see cref="SourceLocation.None"/> when there is none.</param>
/// <param name="Path">Path in the document, such as <c>policies[3].spec.rules[0].algorithm_config.burst</c>; empty for the whole document.</param>
/// <param name="Message">What is wrong, naming the value. Never a secret.</param>
/// <param name="Fix">What to write or do instead; empty when the message says it.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourceLocation Location, string Path, string Message, string Fix)
{
    /// <inheritdoc />
    public override string ToString() => DiagnosticFormatter.Format(this);
}
