namespace EdgeGuard.Bundles.Diagnostics;

/// <summary>A place in a source text. Line and column are 1-based; 0 means unknown.</summary>
/// <param name="File">Name to show, never an absolute path that the user did not type.</param>
/// <param name="Line">1-based line, 0 when unknown.</param>
/// <param name="Column">1-based column in UTF-16 units for YAML and bytes for JSON, 0 when unknown.</param>
public readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <summary>A place that is not known.</summary>
    public static SourceLocation None => new(string.Empty, 0, 0);

    /// <inheritdoc />
    public override string ToString() =>
        Line == 0 ? File : $"{File}:{Line}:{Column}";
}
