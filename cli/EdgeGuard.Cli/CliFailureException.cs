using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Cli;

/// <summary>Ends a command with findings and an exit code; caught in one place.</summary>
internal sealed class CliFailureException(int exitCode, ImmutableArray<Diagnostic> problems) : Exception(problems[0].Message)
{
    public CliFailureException(int exitCode, string code, string place, string message, string fix)
        : this(exitCode, [new Diagnostic(code, Severity.Error, new SourceLocation(place, 0, 0), string.Empty, message, fix)])
    {
    }

    public int ExitCode { get; } = exitCode;

    public ImmutableArray<Diagnostic> Problems { get; } = problems;
}
