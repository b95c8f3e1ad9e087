using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>A C# file with its syntax tree.</summary>
internal sealed class SyntaxFile
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);
    private static readonly Lazy<IReadOnlyList<SyntaxFile>> Everything = new(() => [.. SourceTree.CSharp.Select(file => new SyntaxFile(file))]);

    public SyntaxFile(SourceFile file)
    {
        Source = file;
        Root = CSharpSyntaxTree.ParseText(file.Text, Options).GetCompilationUnitRoot();
    }

    public static IReadOnlyList<SyntaxFile> All => Everything.Value;

    public SourceFile Source { get; }

    public CompilationUnitSyntax Root { get; }

    /// <summary>A made-up file, for tests of the rules themselves.</summary>
    public static SyntaxFile Of(string text, string path = "edge/EdgeGuard.Engine/Decide/Example.cs") => new(new SourceFile(path, text));

    public Finding Find(SyntaxNode node, string message) => new(Source.Path, Line(node.GetLocation()), message);

    public Finding Find(SyntaxToken token, string message) => new(Source.Path, Line(token.GetLocation()), message);

    public Finding Find(SyntaxTrivia trivia, string message) => new(Source.Path, Line(trivia.GetLocation()), message);

    private static int Line(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
