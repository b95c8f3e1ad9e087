using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>What fits on a few screens can be reviewed.</summary>
internal static class SizeRules
{
    public const int MaxFileLines = 400;
    public const int MaxMethodLines = 70;

    public static IEnumerable<Finding> Files(IEnumerable<SourceFile> files)
        => files
            .Where(file => file.LineCount > MaxFileLines)
            .Select(file => new Finding(file.Path, 0, $"has {file.LineCount} lines; {MaxFileLines} is the most, split it"));

    public static IEnumerable<Finding> Methods(SyntaxFile file)
    {
        IEnumerable<SyntaxNode> bodies = file.Root.DescendantNodes().Where(node =>
            node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax);
        foreach (SyntaxNode body in bodies)
        {
            int lines = Lines(body);
            if (lines > MaxMethodLines)
            {
                yield return file.Find(body, $"method has {lines} lines; {MaxMethodLines} is the most, split it");
            }
        }

        GlobalStatementSyntax[] statements = [.. file.Root.Members.OfType<GlobalStatementSyntax>()];
        if (statements.Length > 0 && Lines(statements[0], statements[^1]) is > MaxMethodLines and int top)
        {
            yield return file.Find(statements[0], $"top-level statements have {top} lines; {MaxMethodLines} is the most, split them");
        }
    }

    private static int Lines(SyntaxNode node) => Lines(node, node);

    private static int Lines(SyntaxNode first, SyntaxNode last)
        => last.GetLocation().GetLineSpan().EndLinePosition.Line - first.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
