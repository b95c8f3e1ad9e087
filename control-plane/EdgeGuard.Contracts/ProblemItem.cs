namespace EdgeGuard.Contracts;

/// <summary>One finding, the wire form of a diagnostic.</summary>
public sealed record ProblemItem(string Code, string Severity, string File, int Line, int Column, string Path, string Message, string Fix);
