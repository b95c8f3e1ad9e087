using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Tests.Reading;

public sealed class JsonReadingTests
{
    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", ReadingCodes.DuplicateKey, 1, 8)]
    [InlineData("{\"a\":1,\"\\u0061\":2}", ReadingCodes.DuplicateKey, 1, 8)]
    [InlineData("{\n \"a\": {\"b\": 1,\n \"b\": 2}}", ReadingCodes.DuplicateKey, 3, 2)]
    [InlineData("{} {}", ReadingCodes.SeveralDocuments, 1, 4)]
    [InlineData("[]\n\nx", ReadingCodes.SeveralDocuments, 3, 1)]
    [InlineData("[\"\\ud800\"]", ReadingCodes.NotUtf8, 1, 2)]
    [InlineData("[1e999]", ReadingCodes.UnusableNumber, 1, 2)]
    [InlineData("[9007199254740993]", ReadingCodes.UnusableNumber, 1, 2)]
    [InlineData("[9223372036854775807]", ReadingCodes.UnusableNumber, 1, 2)]
    public void Read_WhatCannotBeUsed_IsRefusedAtItsPlace(string json, string code, int line, int column)
    {
        var result = json.Read();

        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal((code, line, column), (problem.Code, problem.Location.Line, problem.Location.Column));
        Assert.Null(result.Root);
    }

    [Theory]
    [InlineData("{\"a\": 1,}", 9, "there is a comma after the last entry")]
    [InlineData("[1, // x\n2]", 5, "JSON has no comments")]
    [InlineData("['a']", 2, "JSON texts stand in double quotes")]
    [InlineData("{a: 1}", 2, "'a' is not expected here")]
    [InlineData("{\"a\": 1", 8, "the text ends before the JSON document is complete")]
    [InlineData("{\"a\": \"x", 9, "the text ends before the JSON document is complete")]
    [InlineData("{\"a\" 1}", 6, "'1' is not expected here")]
    [InlineData("[NaN]", 2, "JSON has no NaN and no Infinity")]
    [InlineData("[+1]", 2, "this is not a JSON number")]
    [InlineData("[\"a\nb\"]", 4, "a text holds a control character or a line break as it is")]
    [InlineData("[1}", 3, "'}' is not expected here")]
    public void Read_MalformedJson_SaysItInWordsAUserUnderstands(string json, int column, string message)
    {
        var problem = Assert.Single(json.Read().Diagnostics);

        Assert.Equal(ReadingCodes.JsonSyntax, problem.Code);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(column, problem.Location.Column);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheByteAndItsPlace()
    {
        byte[] text = [.. "{\n\"a\": \""u8, 0xC3, 0x28, .. "\"}"u8];

        var problem = Assert.Single(NodeReader.Read(text, "test", ReadLimits.Bundle).Diagnostics);

        Assert.Equal((ReadingCodes.NotUtf8, 2, 7), (problem.Code, problem.Location.Line, problem.Location.Column));
        Assert.Contains("0xC3", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Utf16_IsToldApart()
    {
        var text = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a: 1")).ToArray();

        var problem = Assert.Single(NodeReader.Read(text, "test", ReadLimits.Bundle).Diagnostics);

        Assert.Equal("the document is UTF-16, not UTF-8", problem.Message);
    }

    [Fact]
    public void Read_ByteOrderMark_IsDropped()
    {
        byte[] text = [0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8];

        Assert.Equal(new SourceLocation("test", 1, 2), NodeReader.ReadJson(text, "test", ReadLimits.Bundle).Root!.Entries[0].KeyLocation);
    }

    [Fact]
    public void Read_Json_GivesEveryKeyAndValueItsPlace()
    {
        var root = "{\n  \"a\": [1,\n    true],\r\n  \"é\": {\"b\": null}}".ReadClean();

        Assert.Equal(new SourceLocation("test", 2, 3), root.Entries[0].KeyLocation);
        Assert.Equal(new SourceLocation("test", 2, 8), root["a"]!.Location);
        Assert.Equal(new SourceLocation("test", 3, 5), root["a"]!.Items[1].Location);
        Assert.Equal(new SourceLocation("test", 4, 3), root["é"] is null ? default : root.Entries[1].KeyLocation);
        Assert.Equal(new SourceLocation("test", 4, 9), root["é"]!.Location);
    }

    [Fact]
    public void Read_SeveralDuplicates_ReportsAllOfThem()
    {
        var result = "{\"a\":1,\"a\":2,\"b\":[{\"c\":1,\"c\":2,\"c\":3}]}".Read();

        Assert.Equal(["", "b[0]", "b[0]"], result.Diagnostics.Select(d => d.Path));
    }

    [Fact]
    public void Read_ManyDuplicatesInALargeMap_StopsCountingAtTheBound()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"k{i % 200}\":1")) + "}";

        var result = json.Read();

        Assert.Equal(ReadSession.MaxDiagnostics + 1, result.Diagnostics.Length);
        Assert.Equal(ReadingCodes.TooManyProblems, result.Diagnostics[^1].Code);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(200_000, false)]
    public void Read_Depth_IsBounded(int depth, bool accepted)
    {
        var limits = ReadLimits.Options with { MaxDepth = 8 };

        Assert.Equal(accepted ? [] : [ReadingCodes.TooDeep], (new string('[', depth) + new string(']', depth)).Read(limits).Codes());
    }

    [Fact]
    public void Read_YamlAndJson_GiveTheSameTree()
    {
        const string Json = "{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":\"é\"}}";

        Assert.Equal(Json.ReadClean().ToCanonical(), "b: {c: é}\na:\n- 1\n- 2.5\n- x\n- ~\n- true\n".ReadClean().ToCanonical());
    }

    [Fact]
    public void ReadJson_TenThousandPolicies_AreAllReadWithTheirPlaces()
    {
        var text = new StringBuilder("{\"policies\":[\n");
        for (var i = 0; i < 10_000; i++)
        {
            text.Append(i == 0 ? "" : ",\n").Append(CultureInfo.InvariantCulture, $"{{\"id\":\"policy-{i}\",\"spec\":{{\"rules\":[]}}}}");
        }

        var result = NodeReader.ReadJson(Encoding.UTF8.GetBytes(text.Append("]}").ToString()), "test", ReadLimits.Bundle);

        var policies = result.Root!["policies"]!.Items;
        Assert.Equal(10_000, policies.Count);
        Assert.Equal("policy-9999", policies[9999]["id"]!.Text);
        Assert.Equal(10_001, policies[9999].Location.Line);
    }
}
