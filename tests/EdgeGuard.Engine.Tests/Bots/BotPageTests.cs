using EdgeGuard.Engine.Bots;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Bots;

/// <summary>Holds the list of docs/descriptors.md and the catalog together, both ways.</summary>
public sealed class BotPageTests
{
    [Fact]
    public void Page_Bots_AreThoseOfTheCatalog()
    {
        var rows = File.ReadAllLines(RepositoryRoot.Combine("docs", "descriptors.md"))
            .SkipWhile(line => line != "## Bots").Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => $"{cells[1]} {cells[3]}").ToArray();
        var expected = BotCatalog.Named.Select(entry => Row(entry.Category, entry.Tokens)).Append(Row(BotCategory.Other, BotCatalog.Generic)).ToArray();

        Assert.Equal(string.Join('\n', expected), string.Join('\n', rows));
    }

    private static string Row(BotCategory category, IEnumerable<string> tokens) =>
        $"`{BotCategories.NameOf(category)}` {string.Join(", ", tokens.Select(token => $"`{token}`"))}";
}
