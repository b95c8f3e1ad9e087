using EdgeGuard.House.Tests.Repository;
using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Scripts;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ScriptTests
{
    /// <summary>Shell scripts only; a hook or a driver in another language has its own tests.</summary>
    private static IReadOnlyList<SourceFile> All => [.. SourceTree.Scripts.Where(file => IsShell(file))];

    [Fact]
    public async Task Scripts_OfTheRepository_Parse()
    {
        List<Finding> findings = [];
        foreach (SourceFile script in All)
        {
            findings.AddRange(await CheckAsync(script.Path, RepositoryRoot.Combine(script.Path)));
        }

        Findings.AssertNone(findings);
    }

    [Fact]
    public void Scripts_OfTheRepository_StopAtTheFirstFailure()
        => Findings.AssertNone(All.Where(script => !script.Text.Contains("set -euo pipefail", StringComparison.Ordinal) && script.Text.StartsWith("#!", StringComparison.Ordinal))
            .Select(script => new Finding(script.Path, 0, "has no 'set -euo pipefail'")));

    [Fact]
    public void Scripts_OfTheRepository_EndProcessesByIdOnly()
        => Findings.AssertNone(All.SelectMany(script => script.Lines.Select((line, index) => (line, index))
            .Where(item => item.line.Contains("pkill", StringComparison.Ordinal) || item.line.Contains("killall", StringComparison.Ordinal))
            .Select(item => new Finding(script.Path, item.index + 1, "ends processes by name; keep their ids"))));

    [Fact]
    public void Scripts_AtTheRoot_MayBeRun()
    {
        foreach (string name in new[] { "run.sh", "test.sh", ".ci/run" })
        {
            UnixFileMode mode = File.GetUnixFileMode(RepositoryRoot.Combine(name));
            Assert.True(mode.HasFlag(UnixFileMode.UserExecute), $"{name} is not executable");
        }
    }

    [Fact]
    public async Task Script_ThatDoesNotParse_IsFound()
    {
        using TempFolder folder = new();
        Assert.Single(await CheckAsync("a.sh", folder.Write("a.sh", "if true; then\n")));
    }

    private static bool IsShell(SourceFile file)
        => file.Extension == ".sh" || file.Lines[0].EndsWith("bash", StringComparison.Ordinal) || file.Lines[0].EndsWith("/sh", StringComparison.Ordinal);

    private static async Task<IEnumerable<Finding>> CheckAsync(string name, string path)
    {
        ProcessResult result = await ProcessRunner.RunProgramAsync("bash", ["-n", path]);
        return result.ExitCode == 0 ? [] : [new Finding(name, 0, $"does not parse: {result.Error}")];
    }
}
