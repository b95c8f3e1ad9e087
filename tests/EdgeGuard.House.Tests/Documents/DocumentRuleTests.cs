using EdgeGuard.House.Tests.Code;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Documents;

public sealed class DocumentRuleTests
{
    private const string GoodPage = "# EG9001: title\n\n## What it means\n\n## Example\n\n## How to fix it\n";

    [Fact]
    public void Links_ThatLeadNowhere_AreFound()
    {
        SourceFile other = new("docs/other.md", "# One title, and more\n");
        SourceFile file = new("docs/a.md", "[a](other.md) [b](none.md)\n[c](other.md#one-title-and-more) [d](#nothing)\n```\n[e](gone.md)\n```\n[f](https://example.org) `[g](x.md)`\n");
        Finding[] findings = [.. LinkRules.Check(file, path => path == "docs/other.md" ? other : throw new FileNotFoundException(path))];
        Assert.Equal([1, 2], findings.Select(finding => finding.Line));
    }

    [Theory]
    [InlineData("docs/adr/0001-a-title.md", "# 0001: A title\n## Context\n## Decision\n## Consequences\n", 0)]
    [InlineData("docs/adr/1-title.md", "", 1)]
    [InlineData("docs/adr/0001-a-title.md", "# A title\n## Context\n## Decision\n", 2)]
    public void Record_WithoutItsForm_IsFound(string path, string text, int findings)
        => Assert.Equal(findings, AdrRules.Check([new SourceFile(path, text)]).Count());

    [Fact]
    public void Record_WithANumberTwice_IsFound()
    {
        const string Text = "# 0001: t\n## Context\n## Decision\n## Consequences\n";
        Assert.Single(AdrRules.Check([new SourceFile("docs/adr/0001-a.md", Text), new SourceFile("docs/adr/0001-b.md", Text)]));
    }

    [Fact]
    public void ErrorCode_TwiceOrAsALiteral_IsFound()
    {
        SyntaxFile first = SyntaxFile.Of("class C { const string A = \"EG9001\"; }");
        SyntaxFile again = SyntaxFile.Of("class C { const string A = \"EG9001\"; }");
        SyntaxFile literal = SyntaxFile.Of("class C { void M() => Report(\"EG9002\"); }");
        Assert.Equal(2, ErrorCodeRules.Constants([first, again, literal]).Count());
    }

    [Fact]
    public void ErrorCode_WithoutAPageOrPageWithoutCode_IsFound()
    {
        SyntaxFile code = SyntaxFile.Of("class C { const string A = \"EG9002\"; }");
        Assert.Equal(2, ErrorCodeRules.Pages([code], [new SourceFile("docs/errors/EG9001.md", GoodPage)]).Count());
    }

    [Fact]
    public void ErrorPage_WithoutItsSections_IsFound()
    {
        Assert.Empty(ErrorCodeRules.Headings(new SourceFile("docs/errors/EG9001.md", GoodPage)));
        Assert.Equal(2, ErrorCodeRules.Headings(new SourceFile("docs/errors/EG9002.md", GoodPage.Replace("## Example", "Example"))).Count());
    }

    [Theory]
    [InlineData("\uFEFFa\n", 1)]
    [InlineData("a\r\n", 1)]
    [InlineData("a", 1)]
    [InlineData("a\n", 0)]
    public void Form_OfAFile_IsChecked(string text, int findings) => Assert.Equal(findings, TextRules.Form(new SourceFile("a.md", text)).Count());

    [Theory]
    [InlineData("cd /work/main", 1)]
    [InlineData("path = \"/tmp/eg.sock\"", 1)]
    [InlineData("/root/.nuget", 1)]
    [InlineData("folder=$(mktemp -d \"${TMPDIR:-/tmp}/eg.XXXXXX\")", 0)]
    [InlineData("GET /v1/work/items", 0)]
    public void MachinePath_InText_IsFound(string text, int findings)
        => Assert.Equal(findings, TextRules.MachinePaths(new SourceFile("a.sh", text)).Count());
}
