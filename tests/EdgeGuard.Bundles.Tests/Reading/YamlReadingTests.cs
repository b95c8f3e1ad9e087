using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Tests.Reading;

public sealed class YamlReadingTests
{
    [Theory]
    [InlineData("a: null", "{\"a\":null}")]
    [InlineData("a: ~", "{\"a\":null}")]
    [InlineData("a:", "{\"a\":null}")]
    [InlineData("a: true", "{\"a\":true}")]
    [InlineData("a: False", "{\"a\":false}")]
    [InlineData("a: yes", "{\"a\":\"yes\"}")]
    [InlineData("a: off", "{\"a\":\"off\"}")]
    [InlineData("a: 'true'", "{\"a\":\"true\"}")]
    [InlineData("a: \"12\"", "{\"a\":\"12\"}")]
    [InlineData("a: 12", "{\"a\":12}")]
    [InlineData("a: +12", "{\"a\":12}")]
    [InlineData("a: -0", "{\"a\":0}")]
    [InlineData("a: 0o17", "{\"a\":15}")]
    [InlineData("a: 0xfF", "{\"a\":255}")]
    [InlineData("a: 1e3", "{\"a\":1000}")]
    [InlineData("a: 1.50", "{\"a\":1.5}")]
    [InlineData("a: .5", "{\"a\":0.5}")]
    [InlineData("a: 5.", "{\"a\":5}")]
    [InlineData("a: 1_000", "{\"a\":\"1_000\"}")]
    [InlineData("a: 12:30:45", "{\"a\":\"12:30:45\"}")]
    [InlineData("a: 2026-01-01", "{\"a\":\"2026-01-01\"}")]
    [InlineData("a: 1.2.3", "{\"a\":\"1.2.3\"}")]
    [InlineData("a: -b", "{\"a\":\"-b\"}")]
    [InlineData("a: .", "{\"a\":\".\"}")]
    [InlineData("a: !!str 12", "{\"a\":\"12\"}")]
    [InlineData("a: ! 12", "{\"a\":\"12\"}")]
    [InlineData("a: !!int \"12\"", "{\"a\":12}")]
    [InlineData("a: !!map {b: !!seq [1]}", "{\"a\":{\"b\":[1]}}")]
    [InlineData("1: a\ntrue: b", "{\"1\":\"a\",\"true\":\"b\"}")]
    [InlineData("'<<': a", "{\"<<\":\"a\"}")]
    [InlineData("- a\n- |\n  b\n  c\n- >-\n  d\n  e", "[\"a\",\"b\\nc\\n\",\"d e\"]")]
    [InlineData("a: &x [1, 2]\nb: *x", "{\"a\":[1,2],\"b\":[1,2]}")]
    [InlineData("\uFEFFa: 1", "{\"a\":1}")]
    [InlineData("%YAML 1.2\n---\na: 1\n...\n", "{\"a\":1}")]
    public void Read_CoreSchema_GivesTheValue(string yaml, string canonical) =>
        Assert.Equal(canonical, yaml.ReadClean().ToCanonical());

    [Theory]
    [InlineData("a: .nan", ReadingCodes.UnusableNumber)]
    [InlineData("a: -.inf", ReadingCodes.UnusableNumber)]
    [InlineData("a: 1e999", ReadingCodes.UnusableNumber)]
    [InlineData("a: 9007199254740993", ReadingCodes.UnusableNumber)]
    [InlineData("a: 0xFFFFFFFFFFFFFFFF", ReadingCodes.UnusableNumber)]
    [InlineData("a: 1\na: 2", ReadingCodes.DuplicateKey)]
    [InlineData("1: 1\n'1': 2", ReadingCodes.DuplicateKey)]
    [InlineData("a: &x {b: 1}\nc:\n  <<: *x", ReadingCodes.MergeKeyRefused)]
    [InlineData("a: 1\n---\nb: 2", ReadingCodes.SeveralDocuments)]
    [InlineData("a: !secret x", ReadingCodes.TagRefused)]
    [InlineData("a: !!int x", ReadingCodes.TagRefused)]
    [InlineData("a: !!binary aGk=", ReadingCodes.TagRefused)]
    [InlineData("a: !!set {b}", ReadingCodes.TagRefused)]
    [InlineData("a: *x", ReadingCodes.BadAlias)]
    [InlineData("a: &x [*x]", ReadingCodes.BadAlias)]
    [InlineData("{a: 1}: b", ReadingCodes.JsonSyntax)]
    [InlineData("? {a: 1}\n: b", ReadingCodes.BadKey)]
    [InlineData(": b", ReadingCodes.BadKey)]
    [InlineData("a: \"\\ud800\"", ReadingCodes.YamlSyntax)]
    [InlineData("", ReadingCodes.Empty)]
    [InlineData("# only a comment", ReadingCodes.Empty)]
    [InlineData("---\n", ReadingCodes.Empty)]
    public void Read_WhatCannotBeUsed_IsRefusedWithItsCode(string yaml, string code)
    {
        var result = yaml.Read();

        Assert.Equal([code], result.Codes());
        Assert.Null(result.Root);
    }

    [Theory]
    [InlineData("a:\n\tb: 1", 2, "a tab is used where YAML wants spaces")]
    [InlineData("a: 'x\nb: 1\n", 1, "a quoted text is opened here and never closed")]
    [InlineData("a: b: c", 1, "a colon and a space stand where no key can be")]
    [InlineData("a: @x", 1, "a plain text cannot start with '@'")]
    [InlineData("a: [1, 2\nb: 3", 1, "a list [..] or map {..} is not closed")]
    [InlineData("a: \"\\q\"", 1, "a text in double quotes holds a backslash")]
    [InlineData("a:\n  - b\n c: 1", 3, "the YAML is malformed here")]
    [InlineData("a:\n  b: 1\n\tc: 2", 3, "a tab is used where YAML wants spaces")]
    [InlineData("a: {b: 1\n", 2, "a list [..] or map {..} is not closed")]
    [InlineData("a: -", 1, "a list item ('- ') cannot start here")]
    [InlineData("a: %x", 1, "a plain text cannot start with '%'")]
    [InlineData("a: *", 1, "a plain text cannot start with '&' or '*'")]
    [InlineData("a: \"\\ud800\"", 1, "an escape in this text is half of a surrogate pair")]
    [InlineData("a: |x\n b", 1, "after | or > the line has to end")]
    [InlineData("- a\nb: 1", 2, "this line stands at the depth of a list")]
    [InlineData("a: 1\nb: x\u0001y", 2, "the control character U+0001 cannot stand in YAML")]
    public void Read_MalformedYaml_SaysItInWordsAUserUnderstands(string yaml, int line, string message)
    {
        var problem = Assert.Single(yaml.Read().Diagnostics);

        Assert.Equal(ReadingCodes.YamlSyntax, problem.Code);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Location.Line);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void Read_Yaml_GivesEveryKeyAndValueItsPlace()
    {
        var root = "policies:\n  - id: one\n    rules: [ 1 ]\n".ReadClean();

        var policies = root.Entries[0];
        Assert.Equal(new SourceLocation("test", 1, 1), policies.KeyLocation);
        Assert.Equal(new SourceLocation("test", 2, 3), policies.Value.Location);
        var id = policies.Value.Items[0].Entries[0];
        Assert.Equal(new SourceLocation("test", 2, 5), id.KeyLocation);
        Assert.Equal(new SourceLocation("test", 2, 9), id.Value.Location);
        Assert.Equal(new SourceLocation("test", 3, 14), policies.Value.Items[0]["rules"]!.Items[0].Location);
    }

    [Fact]
    public void Read_LeadingZero_IsDecimalWithAWarning()
    {
        var result = "a: 010".Read();

        Assert.Equal([ReadingCodes.LeadingZero], result.Codes());
        Assert.Equal(10, result.Root!["a"]!.Integer);
    }

    [Fact]
    public void Read_SeveralIndependentProblems_ReportsAllWithTheirPaths()
    {
        var result = "a: 1\na: 2\nb: [.nan, {c: 1, c: 2}]\na: 3\n".Read();

        Assert.Equal(
            [(2, "", ReadingCodes.DuplicateKey), (3, "b[0]", ReadingCodes.UnusableNumber), (3, "b[1]", ReadingCodes.DuplicateKey), (4, "", ReadingCodes.DuplicateKey)],
            result.Diagnostics.Select(d => (d.Location.Line, d.Path, d.Code)));
        Assert.Equal("key 'a' is here twice; the first is in line 1, column 1", result.Diagnostics[0].Message);
    }

    [Fact]
    public void Read_AliasBomb_IsRefusedByTheExpandedCount()
    {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i =>
            $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Equal([ReadingCodes.TooManyValues], yaml.Read().Codes());
    }

    [Theory]
    [InlineData(19, true)]
    [InlineData(18, false)]
    public void Read_Aliases_CountAsOftenAsTheyAreUsed(int mostValues, bool accepted)
    {
        // The map, its two keys, the list of two numbers, and the list of that list four times over.
        const string Yaml = "a: &a [1, 2]\nb: [*a, *a, *a, *a]\n";

        var result = Yaml.Read(ReadLimits.Options with { MaxNodes = mostValues });

        Assert.Equal(accepted ? [] : [ReadingCodes.TooManyValues], result.Codes());
    }

    [Fact]
    public void Read_AliasesOfALongText_AreRefusedByTheExpandedLength()
    {
        var limits = ReadLimits.Options with { MaxBytes = 100_000 };
        var yaml = $"a: &a \"{new string('x', 10_000)}\"\nb: [{string.Join(',', Enumerable.Repeat("*a", 20))}]\n";

        Assert.Equal([ReadingCodes.TooManyValues], yaml.Read(limits).Codes());
    }

    [Fact]
    public void Read_AliasesThatNest_AreRefusedByTheExpandedDepth()
    {
        var limits = ReadLimits.Options with { MaxDepth = 8 };
        var yaml = "a0: &a0 []\n" + string.Concat(Enumerable.Range(1, 6).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n"));

        Assert.Empty(yaml.Read(limits).Diagnostics);
        Assert.Equal([ReadingCodes.TooDeep], (yaml + "a7: [*a6]\n").Read(limits).Codes());
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(100_000, false)]
    public void Read_Depth_IsBounded(int depth, bool accepted)
    {
        var flow = "- " + new string('[', depth - 1) + new string(']', depth - 1);

        var result = flow.Read(ReadLimits.Options with { MaxDepth = 8 });

        Assert.Equal(accepted ? [] : [ReadingCodes.TooDeep], result.Codes());
    }

    [Fact]
    public void Read_SizeNodesAndTextLength_AreBounded()
    {
        var limits = new ReadLimits(MaxBytes: 60, MaxDepth: 8, MaxNodes: 5, MaxStringLength: 10);

        Assert.Empty("[1, 2, 3, 4]".Read(limits).Diagnostics);
        Assert.Empty("- 1\n- 2\n- 3\n- 4".Read(limits).Diagnostics);
        Assert.Equal([ReadingCodes.TooManyValues], "- 1\n- 2\n- 3\n- 4\n- 5".Read(limits).Codes());
        Assert.Equal([ReadingCodes.TooManyValues], "[1, 2, 3, 4, 5]".Read(limits).Codes());
        Assert.Empty("- abcdefghij".Read(limits).Diagnostics);
        Assert.Equal([ReadingCodes.StringTooLong], "- abcdefghijk".Read(limits).Codes());
        Assert.Equal([ReadingCodes.StringTooLong], "[\"abcdefghijk\"]".Read(limits).Codes());
        Assert.Empty("[\"abcdefghij\"]".Read(limits).Diagnostics);
        Assert.Empty(("- 1" + new string(' ', 57)).Read(limits).Diagnostics);
        Assert.Equal([ReadingCodes.TooLarge], ("- 1" + new string(' ', 58)).Read(limits).Codes());
        Assert.Empty(("[1]" + new string(' ', 57)).Read(limits).Diagnostics);
        Assert.Equal([ReadingCodes.TooLarge], ("[1]" + new string(' ', 58)).Read(limits).Codes());
    }
}
