using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Documents;

/// <summary>Pages that were promised by name.</summary>
public sealed class PromisedPagesTests
{
    [Theory]
    [InlineData("per-tenant-limits")]
    [InlineData("llm-budget")]
    [InlineData("agent-guard")]
    [InlineData("staged-budget")]
    [InlineData("shadow-rollout")]
    [InlineData("kill-switch")]
    public void Cookbook_HasThePage_WithABundleToCopy_AndItsListLeadsToIt(string name)
    {
        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "cookbook", name + ".md"));
        string list = File.ReadAllText(RepositoryRoot.Combine("docs", "cookbook", "README.md"));

        Assert.Contains("```yaml", page, StringComparison.Ordinal);
        Assert.Contains($"({name}.md)", list, StringComparison.Ordinal);
    }
}
