using System.Text.Json;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Tests.Explain;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>What the story of a decision tells of the tokens that it reserved.</summary>
public sealed class UsageStoryTests
{
    private const string IdHeader = "X-EdgeGuard-Decision-Id";

    [Fact]
    public async Task StreamThatALimitEnded_IsKeptAndTellsWhatItWasCharged()
    {
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 30, Fault = MockFault.NoUsage };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 1000, max_completion_tokens: 12");

        var usage = await UsageAfterAsync(scene, text => Assert.Equal(12, ModelScene.TokensOf(text).Length));

        // A token of the prompt and ten of the completion at first, and what was taken on the way.
        Assert.Equal(("tokens", "cut", ModelScene.EstimatedPrompt + 12), (Text(usage, "rule"), Text(usage, "how"), usage.GetProperty("charged").GetInt32()));
        Assert.True(usage.GetProperty("reserved").GetInt32() >= ModelScene.EstimatedPrompt + 12);
        Assert.Contains("a limit ended the stream", Text(usage, "why"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None", "told", MockProvider.PromptTokens + 5)]
    [InlineData("NoUsage", "untold", ModelScene.EstimatedPrompt + ModelScene.DefaultCompletion)]
    public async Task RequestThatIsKept_TellsHowItsUsageBecameKnown(string fault, string how, int charged)
    {
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 5, Fault = Enum.Parse<MockFault>(fault) };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 1000");
        scene.Edge.Host.Services.GetRequiredService<ExplainStore>().RecordAll(TimeSpan.FromMinutes(1));

        var usage = await UsageAfterAsync(scene, _ => { });

        Assert.Equal((how, charged), (Text(usage, "how"), usage.GetProperty("charged").GetInt32()));
        Assert.Equal(ModelScene.EstimatedPrompt + ModelScene.DefaultCompletion, usage.GetProperty("reserved").GetInt32());
    }

    [Fact]
    public void Notes_AreBounded()
    {
        var notes = new SettlementNotes();
        DecisionId first = DecisionId.New(), last = DecisionId.New();
        notes.Add(first, new SettledUsage(0, 1, 1, "told"));
        for (var i = 0; i < SettlementNotes.Capacity - 2; i++)
        {
            notes.Add(DecisionId.New(), default);
        }

        notes.Add(last, new SettledUsage(1, 5, 3, "told"));
        Assert.Equal(new SettledUsage(0, 1, 1, "told"), Assert.Single(notes.Find(first)));
        notes.Add(last, new SettledUsage(2, 5, 4, "told"));

        Assert.Empty(notes.Find(first));
        Assert.Equal([1, 2], notes.Find(last).Select(usage => usage.Rule));
    }

    private static async Task<JsonElement> UsageAfterAsync(ModelScene scene, Action<string> check)
    {
        using var admin = ExplainAdminTests.AdminOf(scene.Edge);
        using var answer = await scene.AskAsync();
        check(await answer.Content.ReadAsStringAsync().Within("the answer"));
        await Eventually.TrueAsync(() => scene.Edge.Host.Services.GetRequiredService<DecisionEngine>().OpenAdmissions == 0);
        var id = Assert.Single(answer.Headers.GetValues(IdHeader));
        var story = JsonDocument.Parse(await admin.GetStringAsync("/explain/" + id).Within("the story")).RootElement;
        Assert.Equal(("allow", "proxy"), (Text(story, "verdict"), Text(story, "door")));
        return Assert.Single(story.GetProperty("usage").EnumerateArray().ToArray());
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
