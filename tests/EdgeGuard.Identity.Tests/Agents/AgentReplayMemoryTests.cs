using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Identity.Tests.Agents;

/// <summary>The memory of signatures is full: what cannot be remembered does not pass, and nothing is forgotten early for it.</summary>
public sealed class AgentReplayMemoryTests
{
    private const int Capacity = 64;

    // A quarter of all places for one agent.
    private const int Share = Capacity / 4;

    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    private static AgentDefinition[] Agents => [.. Names.Select(name => AgentHarness.Hmac(name))];

    [Fact]
    public async Task Memory_FilledByOneAgent_RefusesThatAgentAndNoOther()
    {
        await using var harness = new AgentHarness(Capacity, Agents);
        var passed = await FillAsync(harness, "a");

        Assert.Equal(Share, passed.Count);
        Assert.Equal(AgentFailures.ReplaysFull, await harness.FailureAsync(Request("a", "one more")));
        Assert.Equal(CredentialOutcome.Invalid, (await harness.VerifyAsync(Request("a", "and more"))).Outcome);
        Assert.Equal("", await harness.FailureAsync(Request("b", "n-1")));

        // What is remembered stays so, and what does not have to be remembered still passes.
        foreach (var nonce in passed)
        {
            Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(Request("a", nonce)));
        }

        Assert.Equal("", await harness.FailureAsync(AgentHarness.Signed(AgentHarness.Request(), Parts, ";created=1618884473;keyid=\"a\"", "hmac-sha256")));
        Assert.Equal((Share + 1, Capacity), (harness.Verifier.Replays.Remembered, harness.Verifier.Replays.Capacity));
        Assert.True(harness.Verifier.Replays.Full >= 2);
    }

    [Fact]
    public async Task Memory_FilledByAllAgents_RefusesUntilTheOldestAreTooOldToPass()
    {
        await using var harness = new AgentHarness(Capacity, Agents);
        foreach (var name in Names[..4])
        {
            Assert.Equal(Share, (await FillAsync(harness, name)).Count);
        }

        Assert.Equal(Capacity, harness.Verifier.Replays.Remembered);
        Assert.Equal(AgentFailures.ReplaysFull, await harness.FailureAsync(Request("e", "n-1")));

        // Five minutes and the difference of clocks: from the next second on none of them passes for its time.
        harness.Time.Advance(TimeSpan.FromSeconds(330));
        Assert.Equal(AgentFailures.ReplaysFull, await harness.FailureAsync(Request("e", "n-1", later: 330)));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AgentFailures.Expired, await harness.FailureAsync(Request("a", "n-1")));
        Assert.Equal("", await harness.FailureAsync(Request("e", "n-1", later: 331)));
    }

    private const string Parts = "\"@method\" \"@authority\" \"@path\"";

    private static FakeRequest Request(string agent, string nonce, int later = 0) => AgentHarness.Signed(
        AgentHarness.Request("POST"), Parts, $";created={AgentHarness.Now + later};keyid=\"{agent}\";nonce=\"{nonce}\"", "hmac-sha256");

    // Places are chosen by a hash under a key of the process: many more are sent than there are places.
    private static async Task<List<string>> FillAsync(AgentHarness harness, string agent)
    {
        var passed = new List<string>();
        for (var i = 0; i < 6 * Capacity; i++)
        {
            var failure = await harness.FailureAsync(Request(agent, $"{agent}-{i}"));
            Assert.Contains(failure, (string[])["", AgentFailures.ReplaysFull]);
            if (failure.Length == 0)
            {
                passed.Add($"{agent}-{i}");
            }
        }

        return passed;
    }
}
