using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Tests.Schema;

/// <summary>The reference page says of every field what the reader does, and of nothing else.</summary>
public sealed partial class ReferencePageTests
{
    private const string Page = "docs/policy-reference.md";

    [Fact]
    public void Page_EveryShape_IsListedAsTheReaderKnowsIt()
    {
        var path = Repository.PathOf(Page);
        var text = File.ReadAllText(path);
        foreach (var shape in ShapeIndex.All)
        {
            text = Compare(text, ReferencePage.Begin(shape), ReferencePage.Fields(shape));
            Assert.Contains($"\n### {shape.Name}\n", text, StringComparison.Ordinal);
        }

        text = Compare(text, "<!-- descriptors -->", ReferencePage.Descriptors());
        if (Repository.WritesGenerated)
        {
            File.WriteAllText(path, text);
        }
    }

    [Fact]
    public void Page_EveryTableOfFields_IsOfAKnownShape()
    {
        var text = File.ReadAllText(Repository.PathOf(Page));
        var known = ShapeIndex.All.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var listed = Mark().Matches(text).Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(listed.Distinct(StringComparer.Ordinal), listed);
        Assert.Empty(listed.Except(known, StringComparer.Ordinal));
        Assert.Equal(listed.Count, FieldHeader().Count(text));
    }

    private static string Compare(string text, string begin, string expected)
    {
        var start = text.IndexOf(begin + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Page} has no {begin}");
        start += begin.Length + 1;
        var end = text.IndexOf(ReferencePage.End, start, StringComparison.Ordinal);
        Assert.True(end >= 0, $"{Page} does not close {begin}");
        if (Repository.WritesGenerated)
        {
            return string.Concat(text.AsSpan(0, start), expected, text.AsSpan(end));
        }

        Assert.Equal(expected, text[start..end]);
        return text;
    }

    [GeneratedRegex("<!-- fields of ([^>]+) -->")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\| field \| type \|", RegexOptions.Multiline)]
    private static partial Regex FieldHeader();
}
