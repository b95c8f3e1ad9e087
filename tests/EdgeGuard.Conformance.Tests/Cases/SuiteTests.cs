using System.Text.RegularExpressions;
using EdgeGuard.Conformance.Tests.Scenarios;

namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>The suite itself: large enough, well named, and its page tells the truth about it.</summary>
public sealed partial class SuiteTests
{
    /// <summary>What was promised; there are more.</summary>
    private const int LeastCases = 300;

    private static readonly Dictionary<string, HashSet<string>> Names = Suite.BundleFiles
        .Select(file => (File: file, Names: BundleCases.Read(file).Document.Tests.Select(test => test.Name)))
        .Concat(ScenarioReader.All.GroupBy(scenario => scenario.File, scenario => scenario.Name).Select(group => (File: group.Key, Names: group.AsEnumerable())))
        .ToDictionary(file => file.File, file => file.Names.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void Suite_HasAtLeastThreeHundredCases()
    {
        var cases = Names.Sum(file => file.Value.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases, {ScenarioReader.All.Count} of them scenarios");

        Assert.True(cases >= LeastCases, $"{cases} cases");
    }

    [Fact]
    public void Scenarios_HaveNamesOfTheirOwn() => Assert.Equal(
        ScenarioReader.All.Count, ScenarioReader.All.Select(scenario => (scenario.File, scenario.Name)).Distinct().Count());

    [Fact]
    public void Exceptions_AreAboutCasesThatThereAre_AndSayWhy() => Assert.All(DoorExceptions.Entries, exception =>
    {
        Assert.True(Names.ContainsKey(exception.File), exception.File);
        Assert.True(exception.Case is null || Names[exception.File].Contains(exception.Case), $"{exception.File}: {exception.Case}");
        Assert.NotEmpty(exception.Doors);
        Assert.EndsWith(".", exception.Why, StringComparison.Ordinal);
    });

    [Fact]
    public void Scenarios_ThatLeaveAnHttpDoorOut_SayWhy() => Assert.All(
        ScenarioReader.All.Where(scenario => scenario.Steps.Any(step => step.Request is not null)),
        scenario => Assert.True(
            scenario.Why is not null || (scenario.Doors.Contains(Door.Proxy) && scenario.Doors.Contains(Door.Decision)), scenario.Name));

    [Fact]
    public void Page_NamesCasesThatThereAre()
    {
        var page = File.ReadAllText(Suite.PathOf("README.md"));
        var named = NamedCase().Matches(page).Select(match => (File: match.Groups["file"].Value, Name: match.Groups["name"].Value)).ToArray();

        Assert.True(named.Length >= 25, $"{named.Length} cases are named");
        Assert.All(named, entry => Assert.True(
            Names.TryGetValue(entry.File, out var names) && names.Contains(entry.Name), $"{entry.File}: {entry.Name}"));
    }

    // `file`: name, up to the next semicolon or the end of the table's cell.
    [GeneratedRegex(@"`(?<file>(cases|scenarios)/[^`]+)`: (?<name>[^;|]+?)\s*(;|\|)", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedCase();
}
