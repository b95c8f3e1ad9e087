using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Code;
using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Whoever meets a code finds its page, and no page speaks of a code that cannot be met.</summary>
internal static partial class ErrorCodeRules
{
    private static readonly string[] Sections = ["What it means", "Example", "How to fix it"];

    /// <summary>A code is a constant, once; other places use the constant.</summary>
    public static IEnumerable<Finding> Constants(IEnumerable<SyntaxFile> files)
    {
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        foreach (SyntaxFile file in files)
        {
            foreach ((string code, LiteralExpressionSyntax literal) in Literals(file))
            {
                bool isConstant = literal.FirstAncestorOrSelf<FieldDeclarationSyntax>()?.Modifiers.Any(SyntaxKind.ConstKeyword) == true;
                if (!isConstant)
                {
                    yield return file.Find(literal, $"{code} stands in the code; use its constant");
                }
                else if (!seen.TryAdd(code, file.Source.Path))
                {
                    yield return file.Find(literal, $"{code} is also defined in {seen[code]}");
                }
            }
        }
    }

    public static IEnumerable<Finding> Pages(IEnumerable<SyntaxFile> files, IReadOnlyList<SourceFile> pages)
    {
        Dictionary<string, SyntaxFile> used = new(StringComparer.Ordinal);
        foreach (SyntaxFile file in files)
        {
            foreach ((string code, _) in Literals(file))
            {
                used.TryAdd(code, file);
            }
        }

        Dictionary<string, SourceFile> documented = pages.ToDictionary(page => Path.GetFileNameWithoutExtension(page.Path), StringComparer.Ordinal);
        foreach ((string code, SyntaxFile file) in used.Where(item => !documented.ContainsKey(item.Key)))
        {
            yield return new Finding(file.Source.Path, 0, $"{code} has no page docs/errors/{code}.md");
        }

        foreach ((string code, SourceFile page) in documented)
        {
            if (CodePattern().IsMatch(code) && !used.ContainsKey(code))
            {
                yield return new Finding(page.Path, 0, "documents a code that nothing gives");
            }
        }
    }

    public static IEnumerable<Finding> Headings(SourceFile page)
    {
        string code = Path.GetFileNameWithoutExtension(page.Path);
        (int Level, string Title)[] headings = [.. new MarkdownFile(page).Headings];
        if (headings.Length == 0 || headings[0].Level != 1 || !headings[0].Title.StartsWith(code + ": ", StringComparison.Ordinal))
        {
            yield return new Finding(page.Path, 1, $"does not begin with '# {code}: title'");
        }

        foreach (string section in Sections.Where(section => !headings.Contains((2, section))))
        {
            yield return new Finding(page.Path, 0, $"has no section '## {section}'");
        }
    }

    private static IEnumerable<(string Code, LiteralExpressionSyntax Literal)> Literals(SyntaxFile file)
        => file.Root.DescendantNodes().OfType<LiteralExpressionSyntax>()
            .Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression) && CodePattern().IsMatch(literal.Token.ValueText))
            .Select(literal => (literal.Token.ValueText, literal));

    [GeneratedRegex(@"^EG\d{4}$", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();
}
