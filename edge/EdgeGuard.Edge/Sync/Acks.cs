using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Sync;

/// <summary>The problems of an acknowledgement.</summary>
internal static class Acks
{
    /// <summary>Most problems told.</summary>
    private const int MaxProblems = 20;

    /// <summary>Longest problem told, in characters.</summary>
    private const int MaxLength = 1000;

    /// <summary>Errors first, formatted, bounded.</summary>
    public static IReadOnlyList<string> Texts(IEnumerable<Diagnostic> problems) =>
        [.. problems.OrderByDescending(problem => problem.Severity).Take(MaxProblems).Select(problem => Cut(problem.ToString()))];

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..(MaxLength - 1)] + "…";
}
