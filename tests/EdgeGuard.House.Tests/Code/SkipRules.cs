using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>A skipped test says why, in words that a reader of the report understands; a test is not hidden by other means.</summary>
internal static class SkipRules
{
    private const int ShortestReason = 15;

    public static IEnumerable<Finding> Reasons(SyntaxFile file)
    {
        foreach (AttributeArgumentSyntax argument in file.Root.DescendantNodes().OfType<AttributeArgumentSyntax>())
        {
            if (argument.NameEquals?.Name.Identifier.Text == "Skip" && IsTooShort(argument.Expression))
            {
                yield return file.Find(argument, "test is skipped without a reason");
            }
        }

        foreach (InvocationExpressionSyntax call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression.ToString() is "Assert.Skip" or "Assert.SkipWhen" or "Assert.SkipUnless"
                && (call.ArgumentList.Arguments.Count == 0 || IsTooShort(call.ArgumentList.Arguments[^1].Expression)))
            {
                yield return file.Find(call, "test is skipped without a reason");
            }
        }

        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.DisabledTextTrivia)))
        {
            yield return file.Find(trivia, "code is switched off by #if; remove it");
        }
    }

    private static bool IsTooShort(ExpressionSyntax reason)
        => reason is LiteralExpressionSyntax literal && literal.Token.ValueText.Trim().Length < ShortestReason;
}
