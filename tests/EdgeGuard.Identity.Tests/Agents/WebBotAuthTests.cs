using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Agents;

public sealed class WebBotAuthTests
{
    private const string Thumbprint = "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U";
    private const string Components = "\"@authority\" \"signature-agent\"";
    private const string Parameters = ";created=1618884473;expires=1618884673;keyid=\"" + Thumbprint + "\";tag=\"web-bot-auth\"";

    private static AgentDefinition Agent => new()
    {
        Id = "bot",
        Scheme = AgentScheme.HttpMessageSignature,
        Algorithm = "ed25519",
        KeyDirectory = "https://bot.example/.well-known/http-message-signatures-directory",
        RequiredComponents = ["@authority"],
    };

    [Theory]
    [InlineData("\"https://bot.example\"", Components)]
    [InlineData("\"https://BOT.example/\"", Components)]
    [InlineData("\"https://bot.example/.well-known/http-message-signatures-directory\"", Components)]
    [InlineData("a=\"https://bot.example\"", "\"@authority\" \"signature-agent\";key=\"a\"")]
    [InlineData("other=\"https://x.example\", a=\"https://bot.example\"", "\"@target-uri\" \"signature-agent\";key=\"a\"")]
    public async Task VerifyAsync_BotWithADirectory_IsVerified(string field, string components)
    {
        await using var harness = new AgentHarness(Agent);

        var result = await harness.VerifyAsync(AgentHarness.Signed(Request(field), components, Parameters));

        Assert.Equal((CredentialOutcome.Verified, "", "bot"), (result.Outcome, result.Failure, result.SourceId));
        Assert.Equal([Agent.KeyDirectory!], harness.Directory.Requests.Items.Distinct());
    }

    [Theory]
    [InlineData("\"https://other.example\"", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"http://bot.example\"", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example/other\"", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example?x\"", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"https://user@bot.example\"", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("bot.example", Components, Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example\"", "\"@authority\"", Parameters, AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example\"", Components, ";created=1618884473;expires=1618884673;keyid=\"" + Thumbprint + "\"", AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example\"", Components, ";created=1618884473;expires=1618884673;keyid=\"bot\";tag=\"web-bot-auth\"", AgentFailures.UnknownKey)]
    [InlineData("\"https://bot.example\"", Components, ";created=1618884473;expires=1618884673;tag=\"web-bot-auth\"", AgentFailures.UnknownAgent)]
    [InlineData("\"https://bot.example\"", Components, ";created=1618884473;keyid=\"" + Thumbprint + "\";tag=\"web-bot-auth\"", AgentFailures.NoTime)]
    [InlineData("\"https://bot.example\"", "\"@method\" \"signature-agent\"", Parameters, AgentFailures.NotCovered)]
    public async Task VerifyAsync_OutsideTheProfile_IsRefused(string field, string components, string parameters, string failure)
    {
        await using var harness = new AgentHarness(Agent);

        Assert.Equal(failure, await harness.FailureAsync(AgentHarness.Signed(Request(field), components, parameters)));
    }

    [Fact]
    public async Task VerifyAsync_DirectoryDown_IsUnavailable()
    {
        await using var harness = new AgentHarness(Agent);
        harness.Directory.Status = HttpStatusCode.ServiceUnavailable;
        harness.Verifier.Use(new IdentitySources { Agents = [Agent with { KeyDirectory = "https://bot.example:8443/.well-known/http-message-signatures-directory" }] });

        var result = await harness.VerifyAsync(AgentHarness.Signed(Request("\"https://bot.example:8443\""), Components, Parameters));

        Assert.Equal((CredentialOutcome.Unavailable, AgentFailures.KeysUnavailable), (result.Outcome, result.Failure));
    }

    [Fact]
    public async Task VerifyAsync_HostNotListed_IsNeverAsked()
    {
        await using var harness = new AgentHarness(Agent with { KeyDirectory = "https://evil.example/.well-known/http-message-signatures-directory" });

        var result = await harness.VerifyAsync(AgentHarness.Signed(Request("\"https://evil.example\""), Components, Parameters));

        Assert.Equal(AgentFailures.KeysUnavailable, result.Failure);
        Assert.Empty(harness.Directory.Requests.Items);
    }

    [Fact]
    public async Task VerifyAsync_UnknownKeysInAFlood_CauseOneFetch()
    {
        await using var harness = new AgentHarness(Agent);
        await harness.VerifyAsync(AgentHarness.Signed(Request("\"https://bot.example\""), Components, Parameters));
        var before = harness.Directory.Requests.Items.Count;

        for (var i = 0; i < 50; i++)
        {
            var unknown = Parameters.Replace(Thumbprint, $"invented-{i}", StringComparison.Ordinal);
            Assert.Equal(AgentFailures.UnknownKey, await harness.FailureAsync(AgentHarness.Signed(Request("\"https://bot.example\""), Components, unknown)));
        }

        Assert.InRange(harness.Directory.Requests.Items.Count - before, 0, 1);
    }

    private static FakeRequest Request(string field) => AgentHarness.Request().Add("Signature-Agent", field);
}
