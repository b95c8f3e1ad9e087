namespace EdgeGuard.Bundles.Diagnostics;

/// <summary>How much a diagnostic weighs: an error refuses the document, a warning and a hint never do.</summary>
public enum Severity : byte
{
    Hint,
    Warning,
    Error,
}
