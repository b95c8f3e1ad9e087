using System.Text.RegularExpressions;
using EdgeGuard.Testing;

namespace EdgeGuard.Options.Tests.Definitions;

/// <summary>The options that docs/llm.md shows are read as it says.</summary>
public sealed partial class ModelPageTests
{
    [Fact]
    public void Vocabularies_AreReadAsShown()
    {
        var example = Vocabularies().Match(File.ReadAllText(RepositoryRoot.Combine("docs", "llm.md"))).Groups["options"].Value;

        var loaded = OptionsInput.ValidEdge().WithFile("edgeguard.yaml", example).LoadEdge();

        Assert.Empty(loaded.Diagnostics);
        var (newer, older) = (loaded.Options!.Vocabularies["gpt-4o"], loaded.Options!.Vocabularies["gpt-4"]);
        Assert.Equal(("/etc/edgeguard/o200k_base.tiktoken", true), (newer.File, newer.SplitsAsO200K));
        Assert.Equal(["gpt-4o*", "gpt-4.1*", "gpt-5*", "o3*"], newer.Models);
        Assert.Equal(("/etc/edgeguard/cl100k_base.tiktoken", false), (older.File, older.SplitsAsO200K));
        Assert.Equal(["gpt-4", "gpt-4-turbo*"], older.Models);
    }

    [Fact]
    public void Provider_IsReachedAsShown()
    {
        var example = Clusters().Match(File.ReadAllText(RepositoryRoot.Combine("docs", "llm.md"))).Groups["options"].Value;

        var loaded = OptionsInput.ValidEdge().WithFile("edgeguard.yaml", example).LoadEdge();

        Assert.Empty(loaded.Diagnostics);
        Assert.Equal(["login.example"], loaded.Options!.FetchAllowedHosts);
        Assert.Contains("default", loaded.Options!.Clusters.Keys);
    }

    [GeneratedRegex(@"^```yaml\n(?<options>clusters:\n[\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex Clusters();

    [GeneratedRegex(@"^```yaml\n(?<options>vocabularies:\n[\s\S]*?)^```", RegexOptions.Multiline)]
    private static partial Regex Vocabularies();
}
