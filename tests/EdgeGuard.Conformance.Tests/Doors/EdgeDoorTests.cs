using EdgeGuard.Conformance.Tests.Cases;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>Every case of every bundle through the doors of a real edge.</summary>
public sealed class EdgeDoorTests
{
    [Theory]
    [InlineData("proxy", true)]
    [InlineData("decision", true)]
    [InlineData("forwarded", true)]
    [InlineData("envoy", true)]
    [InlineData("http2", true)]
    [InlineData("proxy", false)]
    public async Task Cases_ThroughADoorOfTheEdge_GiveWhatTheyExpect(string name, bool trusted)
    {
        var door = Enum.Parse<Door>(name, ignoreCase: true);
        await using var edge = await CaseEdge.StartAsync(trusted);
        var failures = new List<string>();
        var ran = 0;
        foreach (var file in Suite.BundleFiles)
        {
            var cases = BundleCases.Read(file);
            if (cases.NeedsUntrustedClient == trusted)
            {
                continue;
            }

            foreach (var test in cases.For(door))
            {
                ran++;
                edge.Begin(cases.Policy, test.Start);
                var run = new CaseRun(edge, door, trusted);
                if (await RunAsync(run, test) is { } difference)
                {
                    failures.Add($"{file}: {test.Name}: {difference}");
                }

                Assert.True(await run.EndAsync(), $"{file}: {test.Name}: not all requests have ended");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{ran} cases");
        Assert.NotEqual(0, ran);
        if (door is Door.Decision or Door.Forwarded or Door.Envoy)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{edge.Usual} questions without a body, {edge.WithBody} with one, {edge.HandedOver} left to the server");
            Assert.InRange(edge.HandedOver, 0, edge.WithBody + (edge.Usual / 10));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task<string?> RunAsync(CaseRun run, Bundles.Model.PolicyTest test)
    {
        for (var i = 0; i < test.Steps.Length; i++)
        {
            var step = test.Steps[i];
            await run.AdvanceAsync(step.After);
            for (var repeat = 1; repeat <= step.Times; repeat++)
            {
                if (await run.SendAsync(step, last: repeat == step.Times) is { } difference)
                {
                    return $"step {i + 1}, request {repeat}: {difference}";
                }
            }
        }

        return null;
    }
}
