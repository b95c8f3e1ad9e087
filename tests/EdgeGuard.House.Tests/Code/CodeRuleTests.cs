using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Code;

/// <summary>Each rule finds what it is there to find: a rule that finds nothing guards nothing.</summary>
public sealed class CodeRuleTests
{
    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void FileSize_AtTheLimit_IsStillAllowed(int lines, int findings)
        => Assert.Equal(findings, SizeRules.Files([new SourceFile("a.cs", string.Concat(Enumerable.Repeat("x\n", lines)))]).Count());

    [Theory]
    [InlineData(67, 0)]
    [InlineData(68, 1)]
    public void MethodSize_AtTheLimit_IsStillAllowed(int statements, int findings)
    {
        // Signature and two braces make three more lines.
        string body = string.Concat(Enumerable.Repeat("a++;\n", statements));
        Assert.Equal(findings, SizeRules.Methods(SyntaxFile.Of($"class C {{\nvoid M()\n{{\n{body}}}\n}}")).Count());
    }

    [Fact]
    public void MethodSize_OfTopLevelStatements_IsCounted()
        => Assert.Single(SizeRules.Methods(SyntaxFile.Of(string.Concat(Enumerable.Repeat("a++;\n", 71)))));

    [Fact]
    public void OneType_SecondTypeOrOtherName_IsFound()
    {
        Assert.Single(TypeRules.OneTypeAFile(SyntaxFile.Of("namespace N; class Example; enum Other { A }")));
        Assert.Single(TypeRules.OneTypeAFile(SyntaxFile.Of("namespace N { class Example; } namespace M { delegate void D(); }")));
        Assert.Single(TypeRules.OneTypeAFile(SyntaxFile.Of("class Elsewhere { class Nested; }")));
        Assert.Empty(TypeRules.OneTypeAFile(SyntaxFile.Of("class Example<T> { enum Nested { A } } file class Local;")));
    }

    [Theory]
    [InlineData("// TODO later")]
    [InlineData("/// <summary>FIXME</summary>\nclass C;")]
    [InlineData("/* a HACK */")]
    [InlineData("class C { int P => throw new NotImplementedException(); }")]
    [InlineData("class C { int P => throw new System.NotImplementedException(\"x\"); }")]
    public void Leftover_InCode_IsFound(string code) => Assert.NotEmpty(LeftoverRules.Code(SyntaxFile.Of(code)));

    [Fact]
    public void Leftover_InAString_IsNone() => Assert.Empty(LeftoverRules.Code(SyntaxFile.Of("class C { string s = \"TODO\"; }")));

    [Fact]
    public void Leftover_InText_IsFoundWithItsLine()
        => Assert.Equal(2, Assert.Single(LeftoverRules.Text(new SourceFile("a.md", "one\nXXX two\n"))).Line);

    [Theory]
    [InlineData("Thread.Sleep(1);", 1)]
    [InlineData("await Task.Delay(5);", 1)]
    [InlineData("await Task.Delay(delay, cancellationToken);", 1)]
    [InlineData("await Task.Delay(delay, _time, cancellationToken);", 0)]
    [InlineData("await Task.Delay(delay, TimeProvider.System);", 0)]
    [InlineData("await Task.Delay(Timeout.Infinite, cancellationToken);", 0)]
    [InlineData("var t = new PeriodicTimer(interval);", 1)]
    [InlineData("var t = new PeriodicTimer(interval, clock);", 0)]
    public void Waiting_WithoutATimeProvider_IsFound(string code, int findings)
        => Assert.Equal(findings, TimeRules.Waiting(SyntaxFile.Of(code)).Count());

    [Theory]
    [InlineData("class C { [Fact(Skip = \"\")] void M() {} }", 1)]
    [InlineData("class C { [Fact(Skip = \"later\")] void M() {} }", 1)]
    [InlineData("class C { [Fact(Skip = \"needs a kernel with user namespaces\")] void M() {} }", 0)]
    [InlineData("class C { void M() => Assert.Skip(\"no\"); }", 1)]
    [InlineData("class C { void M() => Assert.SkipUnless(x, \"PostgreSQL is not installed here\"); }", 0)]
    [InlineData("#if NEVER\nclass C;\n#endif", 1)]
    public void Skip_WithoutAReason_IsFound(string code, int findings) => Assert.Equal(findings, SkipRules.Reasons(SyntaxFile.Of(code)).Count());

    [Fact]
    public void Unsafe_OutsideItsFolders_IsFound()
    {
        const string Code = "unsafe class C;";
        Assert.Single(UnsafeRules.Check(SyntaxFile.Of(Code, "edge/EdgeGuard.Engine/Decide/C.cs")));
        Assert.Empty(UnsafeRules.Check(SyntaxFile.Of(Code, "edge/EdgeGuard.Engine/Counters/C.cs")));
    }

    [Fact]
    public void EngineReferences_OfAnAssemblyThatUsesLinqAndClocks_AreFound()
    {
        // This very assembly uses LINQ; the helpers of the tests use clocks and processes.
        Assert.Contains(EngineReferences.Check(typeof(CodeRuleTests).Assembly.Location), finding => finding.Message.Contains("System.Linq"));
        Finding[] helpers = [.. EngineReferences.Check(typeof(EdgeGuard.Testing.Eventually).Assembly.Location)];
        Assert.Contains(helpers, finding => finding.Message.Contains("System.TimeProvider"));
        Assert.Contains(helpers, finding => finding.Message.Contains("System.Diagnostics.Process"));
        Assert.Contains(helpers, finding => finding.Message.Contains("Environment.GetEnvironmentVariable"));
    }
}
