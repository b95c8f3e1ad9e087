using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>Nothing unfinished is left behind.</summary>
internal static partial class LeftoverRules
{
    public static IEnumerable<Finding> Code(SyntaxFile file)
    {
        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia(descendIntoTrivia: false))
        {
            if (IsComment(trivia) && Markers().Match(trivia.ToString()) is { Success: true } marker)
            {
                yield return file.Find(trivia, $"comment says {marker.Value}; do it, or file an issue");
            }
        }

        foreach (IdentifierNameSyntax name in file.Root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.Text == nameof(NotImplementedException) && name.Parent is not InvocationExpressionSyntax and not ArgumentSyntax)
            {
                yield return file.Find(name, "NotImplementedException; write what is missing");
            }
        }
    }

    public static IEnumerable<Finding> Text(SourceFile file)
        => file.Lines.Select((line, index) => (line, index))
            .Where(item => Markers().IsMatch(item.line))
            .Select(item => new Finding(file.Path, item.index + 1, $"says {Markers().Match(item.line).Value}; do it, or file an issue"));

    private static bool IsComment(SyntaxTrivia trivia)
        => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
            || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia);

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Markers();
}
