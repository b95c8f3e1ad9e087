using EdgeGuard.Options.Definitions;
using EdgeGuard.Testing;

namespace EdgeGuard.Options.Tests.Definitions;

/// <summary>Holds docs/configuration.md and the tables of options together, both ways.</summary>
public sealed class ConfigurationPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(RepositoryRoot.Combine("docs", "configuration.md"));

    [Fact]
    public void Page_EdgeTable_IsTheTableOfOptions() => AssertSection("## Edge", EdgeOptionTable.Table);

    [Fact]
    public void Page_ControlPlaneTable_IsTheTableOfOptions() => AssertSection("## Control plane", ControlPlaneOptionTable.Table);

    [Fact]
    public void Tables_Defaults_CanBeRead()
    {
        foreach (var option in EdgeOptionTable.Table.Options.Concat(ControlPlaneOptionTable.Table.Options).Where(option => option.Default.Length > 0))
        {
            var (value, _, message) = Options.Reading.ValueParser.Parse(option, [option.Default], false);
            Assert.True(value is not null, $"{option.Key}: {message}");
        }
    }

    private static void AssertSection(string heading, OptionTable table)
    {
        var rows = Lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        var expected = table.Options.Select(option => Row(option, table)).ToArray();

        Assert.Equal(string.Join('\n', expected), string.Join('\n', rows));
    }

    private static string Row(OptionDefinition option, OptionTable table)
    {
        var variable = $"`{option.Environment(table.EnvironmentPrefix)}`" + (option.Secret ? ", `..._FILE`" : string.Empty);
        var flags = string.Join(", ", option.FlagAliases.Prepend(option.Flag).Select(flag => $"`{flag}`"));
        var kind = option.Secret ? "secret" : TypeOf(option);
        var range = option.Range.Length == 0 ? string.Empty : $", {option.Range}";
        var normal = option.Default.Length == 0 ? "" : $"`{option.Default}`";
        return $"| `{option.Key.Replace("*", "<name>", StringComparison.Ordinal)}` | {variable} | {flags} | {kind}{range} | {normal} | {option.Summary} |";
    }

    private static string TypeOf(OptionDefinition option) => option.Kind switch
    {
        OptionKind.Choice => string.Join(", ", option.Choices.Select(choice => $"`{choice}`")),
        OptionKind.ChoiceList => "list of " + string.Join(", ", option.Choices.Select(choice => $"`{choice}`")),
        OptionKind.Integer => "whole number",
        OptionKind.UrlList => "list of URLs",
        OptionKind.NetworkList => "list of networks",
        OptionKind.List => "list",
        _ => option.Kind.ToString().ToLowerInvariant(),
    };
}
