using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeGuard.House.Tests.Code;

/// <summary>Memory is handled by hand only where nanoseconds are counted, or where a count has to outlive the process (ADR 0045).</summary>
internal static class UnsafeRules
{
    private static readonly string[] Allowed =
        ["edge/EdgeGuard.Engine/Counters/", "edge/EdgeGuard.Engine/Matching/", "edge/EdgeGuard.Edge/Telemetry/CounterMemory.cs"];

    public static IEnumerable<Finding> Check(SyntaxFile file)
        => Allowed.Any(folder => file.Source.Path.StartsWith(folder, StringComparison.Ordinal))
            ? []
            : file.Root.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.UnsafeKeyword))
                .Select(token => file.Find(token, $"unsafe outside {string.Join(" and ", Allowed)}"));
}
