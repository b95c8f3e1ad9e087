using System.Text.Json;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Testing;

namespace EdgeGuard.Bench.Load.Tests.Requests;

public sealed class TokenCommandTests
{
    [Fact]
    public void Tokens_OfAFolder_DifferAndBelongToItsKeySet()
    {
        using TempFolder folder = new();

        TokenCommand.Run(folder.Path, 3, new TestTimeProvider());

        string[] tokens = File.ReadAllLines(folder.Combine("tokens.txt"));
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllText(folder.Combine("jwks.json")));
        Assert.Equal(3, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, token => Assert.Equal(3, token.Split('.').Length));
        Assert.Equal("bench", keys.RootElement.GetProperty("keys")[0].GetProperty("kid").GetString());
    }
}
