using EdgeGuard.House.Tests.Repository;
using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Projects;

public sealed class ProjectTests
{
    private static readonly IReadOnlyList<SourceFile> All = [.. SourceTree.Projects];

    [Fact]
    public void References_OfTheRepository_AreAllowed() => Findings.AssertNone(All.SelectMany(ProjectRules.References));

    [Fact]
    public void Executables_OfTheRepository_DoNotReferenceEachOther() => Findings.AssertNone(ProjectRules.Executables(All));

    [Fact]
    public void Versions_OfTheRepository_AreCentral() => Findings.AssertNone(All.SelectMany(ProjectRules.Versions));

    [Fact]
    public void LockFiles_OfTheRepository_ArePresent()
        => Findings.AssertNone(All.SelectMany(project => ProjectRules.LockFile(project, path => File.Exists(RepositoryRoot.Combine(path)))));

    [Fact]
    public void Solution_OfTheRepository_HoldsEveryProject()
    {
        string solution = File.ReadAllText(RepositoryRoot.Combine("EdgeGuard.sln"));
        Findings.AssertNone(All.SelectMany(project => ProjectRules.InSolution(project, solution)));
    }

    [Theory]
    [InlineData("edge/EdgeGuard.Engine/EdgeGuard.Engine.csproj", "<ProjectReference Include=\"..\\EdgeGuard.Identity\\EdgeGuard.Identity.csproj\" />")]
    [InlineData("edge/EdgeGuard.Engine/EdgeGuard.Engine.csproj", "<PackageReference Include=\"YamlDotNet\" />")]
    [InlineData("bundles/EdgeGuard.Options/EdgeGuard.Options.csproj", "<ProjectReference Include=\"../EdgeGuard.Engine/EdgeGuard.Engine.csproj\" />")]
    [InlineData("edge/EdgeGuard.Unheard/EdgeGuard.Unheard.csproj", "")]
    public void References_NotAllowed_AreFound(string path, string item) => Assert.Single(ProjectRules.References(Project(path, item)));

    [Fact]
    public void Executables_ReferencingOneAnother_AreFound()
    {
        SourceFile edge = Project("edge/A/A.csproj", "<OutputType>Exe</OutputType><ProjectReference Include=\"../../cli/B/B.csproj\" />");
        SourceFile cli = Project("cli/B/B.csproj", "<OutputType>Exe</OutputType>");
        Assert.Single(ProjectRules.Executables([edge, cli]));
    }

    [Fact]
    public void Versions_InAProject_AreFound()
        => Assert.Single(ProjectRules.Versions(Project("a/A.csproj", "<PackageReference Include=\"YamlDotNet\" Version=\"1.0.0\" />")));

    [Fact]
    public void LockFile_Missing_IsFound() => Assert.Single(ProjectRules.LockFile(Project("a/A.csproj", ""), _ => false));

    [Fact]
    public void Solution_MissingAProject_IsFound() => Assert.Single(ProjectRules.InSolution(Project("a/A.csproj", ""), "b\\B.csproj"));

    private static SourceFile Project(string path, string item) => new(path, $"<Project>{item}</Project>");
}
