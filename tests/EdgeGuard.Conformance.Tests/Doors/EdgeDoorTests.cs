using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Gateways;
using EdgeGuard.Testing;

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
    [InlineData("extAuthz", true)]
    [InlineData("rateLimit", true)]
    [InlineData("nginx", true)]
    [InlineData("nginxLua", true)]
    [InlineData("haProxy", true)]
    [InlineData("caddy", true)]
    [InlineData("proxy", false)]
    public async Task Cases_ThroughADoorOfTheEdge_GiveWhatTheyExpect(string name, bool trusted)
    {
        var door = Enum.Parse<Door>(name, ignoreCase: true);
        Assert.SkipUnless(!door.IsGateway() || GatewayProgram.Obstacle(door).Length == 0, GatewayProgram.Obstacle(door));
        await using var edge = await CaseEdge.StartAsync(trusted, onSocket: door.IsGateway());
        await using var gateway = door.IsGateway() ? await RunningGateway.StartAsync(door, edge, ForCases) : null;
        using var grpc = door is Door.ExtAuthz or Door.RateLimit ? new HttpClient(new GrpcDoorHandler(new GrpcCaller(edge.GrpcAddress), door)) { BaseAddress = edge.GrpcAddress } : null;
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
                var run = new CaseRun(edge, door, trusted, gateway?.Client ?? grpc);
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

        Assert.True(failures.Count == 0, string.Join('\n', failures) + '\n' + gateway?.Said);
    }

    // The client of the cases is a proxy that tells who its own client is; the shipped configuration believes nobody.
    private static string ForCases(string configuration) => configuration
        .Replace("\t\t\tmethod GET\n", "\t\t\tmethod GET\n\t\t\ttrusted_proxies 127.0.0.0/8\n", StringComparison.Ordinal)
        .Replace("client_max_body_size 1m", "client_max_body_size 20m", StringComparison.Ordinal);

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
