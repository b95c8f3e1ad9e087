using System.Text.Json.Nodes;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>Every bundle that a scenario loads, through <c>edgeguard validate</c>: accepted or refused as expected, with the same codes.</summary>
public sealed class ScenarioCliTests
{
    [Fact]
    public async Task Bundles_OfScenarios_AreAcceptedOrRefusedByTheCommandLine()
    {
        using var folder = new TempFolder();
        foreach (var scenario in ScenarioReader.All.Where(scenario => scenario.Doors.Contains(Door.Cli)))
        {
            foreach (var step in scenario.Steps.Where(step => step.Load is not null))
            {
                var file = folder.Combine("bundle.yaml");
                await File.WriteAllBytesAsync(file, step.Load!);
                var (exitCode, output) = await CliDoorTests.RunAsync("validate", "--json", file);
                var codes = JsonNode.Parse(output)!["problems"]!.AsArray()
                    .Where(problem => (string)problem!["severity"]! == "error")
                    .Select(problem => (string)problem!["code"]!)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal);

                Assert.Equal(scenario.Name + ": " + string.Join(' ', step.Refused.Order(StringComparer.Ordinal)), scenario.Name + ": " + string.Join(' ', codes));
                Assert.Equal(step.Refused.Count == 0 ? 0 : 1, exitCode);
            }
        }
    }
}
