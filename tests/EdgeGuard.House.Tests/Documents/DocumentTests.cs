using EdgeGuard.House.Tests.Code;
using EdgeGuard.House.Tests.Repository;
using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Documents;

public sealed class DocumentTests
{
    private static IEnumerable<SyntaxFile> Product => SyntaxFile.All.Where(file => !file.Source.IsTest && !file.Source.Path.StartsWith("deploy/", StringComparison.Ordinal));

    private static IReadOnlyList<SourceFile> Pages => [.. SourceTree.Markdown.Where(file => file.Path.StartsWith("docs/errors/EG", StringComparison.Ordinal))];

    private static IReadOnlyList<SourceFile> Records
        => [.. SourceTree.Markdown.Where(file => file.Path.StartsWith("docs/adr/", StringComparison.Ordinal))];

    [Fact]
    public void Links_OfTheRepository_LeadSomewhere() => Findings.AssertNone(SourceTree.Markdown.SelectMany(file => LinkRules.Check(file, Find)));

    [Fact]
    public void Records_OfTheRepository_HaveTheirForm()
    {
        Assert.NotEmpty(Records);
        Findings.AssertNone(AdrRules.Check(Records));
    }

    [Fact]
    public void ErrorCodes_OfTheRepository_AreConstants() => Findings.AssertNone(ErrorCodeRules.Constants(Product));

    [Fact]
    public void ErrorCodes_OfTheRepository_ArePagesAndTheReverse() => Findings.AssertNone(ErrorCodeRules.Pages(Product, Pages));

    [Fact]
    public void ErrorPages_OfTheRepository_HaveTheirForm() => Findings.AssertNone(Pages.SelectMany(ErrorCodeRules.Headings));

    [Fact]
    public void Text_OfTheRepository_HasOneForm() => Findings.AssertNone(SourceTree.Files.SelectMany(TextRules.Form));

    [Fact]
    public void Text_OfTheRepository_NamesNoMachine()
        => Findings.AssertNone(SourceTree.Files.Where(file => !file.Path.StartsWith("tests/EdgeGuard.House.Tests/", StringComparison.Ordinal))
            .SelectMany(TextRules.MachinePaths));

    private static SourceFile? Find(string path)
    {
        string full = RepositoryRoot.Combine(path);
        return Directory.Exists(full) ? null : new SourceFile(path, File.ReadAllText(full));
    }
}
