using EdgeGuard.House.Tests.Repository;
using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Code;

public sealed class CodeTests
{
    [Fact]
    public void Files_OfTheRepository_AreShort()
        => Findings.AssertNone(SizeRules.Files([.. SourceTree.CSharp, .. SourceTree.Scripts]));

    [Fact]
    public void Methods_OfTheRepository_AreShort() => Findings.AssertNone(SyntaxFile.All.SelectMany(SizeRules.Methods));

    [Fact]
    public void Types_OfTheRepository_HaveAFileEach() => Findings.AssertNone(SyntaxFile.All.SelectMany(TypeRules.OneTypeAFile));

    [Fact]
    public void Code_OfTheRepository_IsFinished() => Findings.AssertNone(SyntaxFile.All.SelectMany(LeftoverRules.Code));

    [Fact]
    public void Documents_OfTheRepository_AreFinished()
        => Findings.AssertNone(SourceTree.Files.Where(file => file.Extension != ".cs").SelectMany(LeftoverRules.Text));

    [Fact]
    public void Waiting_InTheRepository_GoesThroughATimeProvider() => Findings.AssertNone(SyntaxFile.All.SelectMany(TimeRules.Waiting));

    [Fact]
    public void Tests_OfTheRepository_AreSkippedForAReasonOnly() => Findings.AssertNone(SyntaxFile.All.SelectMany(SkipRules.Reasons));

    [Fact]
    public void Unsafe_InTheRepository_IsWhereItMayBe() => Findings.AssertNone(SyntaxFile.All.SelectMany(UnsafeRules.Check));

    [Fact]
    public void Engine_AsCompiled_IsPure() => Findings.AssertNone(EngineReferences.Check(SolutionExecutable.AssemblyFile("EdgeGuard.Engine")));

    [Fact]
    public void Parser_OnEveryFile_FindsNoError()
        => Findings.AssertNone(SyntaxFile.All.SelectMany(file => file.Root.GetDiagnostics()
            .Where(problem => problem.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error)
            .Select(problem => new Finding(file.Source.Path, 0, $"the rules cannot read it: {problem.GetMessage()}"))));
}
