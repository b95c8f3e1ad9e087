using System.Text.Json.Nodes;
using EdgeGuard.Cli;
using EdgeGuard.Conformance.Tests.Cases;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>Every case of every bundle through the command line, as a person would run it.</summary>
public sealed class CliDoorTests
{
    [Fact]
    public async Task Test_OfEachBundle_PassesEachCaseByName()
    {
        foreach (var file in Suite.BundleFiles)
        {
            var (exitCode, output) = await RunAsync("test", "--json", file);
            var tests = JsonNode.Parse(output)!["tests"]!.AsArray();

            Assert.All(tests, test => Assert.True((bool)test!["passed"]!, $"{file}: {test["name"]}: {test["failures"]}"));
            Assert.Equal(0, exitCode);
            Assert.Equal(
                BundleCases.Read(file).Document.Tests.Select(test => test.Name),
                tests.Select(test => (string)test!["name"]!));
        }
    }

    [Fact]
    public async Task Validate_OfAllBundlesAtOnce_FindsNoError()
    {
        var (exitCode, output) = await RunAsync(["validate", "--json", .. Suite.BundleFiles]);
        var files = JsonNode.Parse(output)!["files"]!.AsArray();

        Assert.Equal(0, exitCode);
        Assert.Equal(Suite.BundleFiles.Count, files.Count);
        Assert.All(files, file => Assert.Equal((int)file!["tests"]!, (int)file["tests_passed"]!));
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var host = new CliHost
        {
            In = TextReader.Null,
            Out = output,
            Error = error,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
            WorkingDirectory = Suite.Folder,
            Time = TimeProvider.System,
            IsInteractive = false,
            IsOutputTerminal = false,
            CallTimeout = TimeSpan.FromSeconds(60),
        };
        return (await CommandRunner.RunAsync(args, host), output.ToString());
    }
}
