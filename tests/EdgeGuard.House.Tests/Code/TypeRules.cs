using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>One top-level type a file, named like the file; types that are local to a file (<c>file class</c>) do not count.</summary>
internal static class TypeRules
{
    public static IEnumerable<Finding> OneTypeAFile(SyntaxFile file)
    {
        MemberDeclarationSyntax[] types = [.. file.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Where(member => !member.Modifiers.Any(SyntaxKind.FileKeyword))];
        foreach (MemberDeclarationSyntax extra in types.Skip(1))
        {
            yield return file.Find(extra, $"second top-level type {Name(extra)}; give it a file of its own");
        }

        string fileName = Path.GetFileNameWithoutExtension(file.Source.Path).Split('.')[0];
        if (types.Length == 1 && Name(types[0]) != fileName)
        {
            yield return file.Find(types[0], $"type {Name(types[0])} lies in {Path.GetFileName(file.Source.Path)}; name one after the other");
        }
    }

    private static string Name(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declaration => declaration.Identifier.Text,
        DelegateDeclarationSyntax declaration => declaration.Identifier.Text,
        _ => string.Empty,
    };
}
