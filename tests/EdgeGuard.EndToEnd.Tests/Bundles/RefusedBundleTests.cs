using System.Globalization;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Bundles;

/// <summary>A bundle that must not come into force does not, and what is in force stays.</summary>
public sealed class RefusedBundleTests
{
    [Fact]
    public async Task Bundle_WithABadSignature_LeavesTheActiveOne()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(SampleBundles.Generous("first")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();

        string next = (await site.SignAsync(SampleBundles.Generous("second", version: 2))).TrimEnd();
        int payload = next.IndexOf('.', StringComparison.Ordinal) + 20;
        site.Install(next[..payload] + (next[payload] == 'A' ? 'B' : 'A') + next[(payload + 1)..]);

        await AssertRefusedAsync(edge, "EG2001", version: 1);
        site.Install(next);
        await Eventually.TrueAsync(async () => (await edge.ReadinessAsync()).Body.Contains("\"version\":2,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bundle_OfAnOlderVersion_IsRefusedAlsoAfterARestart()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        string older = await site.SignAsync(SampleBundles.Generous("older", version: 4));
        site.Install(await site.SignAsync(SampleBundles.Generous("newer", version: 5)));
        await using (EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings))
        {
            await edge.WaitReadyAsync();
            site.Install(older);
            await AssertRefusedAsync(edge, "EG2101", version: 5);
            await edge.StopAsync();
        }

        // The file is still the old one: the edge starts on its last good bundle, and says why.
        await using EdgeProcess restarted = await EdgeProcess.StartAsync(site.EdgeSettings);
        await restarted.WaitReadyAsync();
        await AssertRefusedAsync(restarted, "EG2101", version: 5);
    }

    [Fact]
    public async Task Bundle_ThatHasExpired_IsRefused()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install(await site.SignAsync(SampleBundles.Generous("first")));
        await using EdgeProcess edge = await EdgeProcess.StartAsync(site.EdgeSettings);
        await edge.WaitReadyAsync();

        string expired = await site.SignAsync(SampleBundles.Generous("second", version: 2), "--expires", "1s");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        site.Install(expired);
        await AssertRefusedAsync(edge, "EG2008", version: 1);
    }

    [Fact]
    public async Task Bundle_ThatFailsItsOwnTests_CannotBePublishedNorSigned()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        string file = site.Folder.Write("failing.yaml", SampleBundles.PerKey + """

            tests:
              - name: an eleventh request would pass
                steps:
                  - times: 11
                    request: {path: /v1/a, headers: {x-api-key: alice}}
                    expect: {verdict: allow}
            """);
        ProcessResult validated = await site.Cli.RunAsync("validate", file);
        Assert.Equal(1, validated.ExitCode);
        Assert.Contains("an eleventh request would pass", validated.Output + validated.Error, StringComparison.Ordinal);
        ProcessResult signed = await site.Cli.RunAsync("sign", file, "--key-file", site.Folder.Combine("site.key"), "--out", site.Folder.Combine("x.jws"));
        Assert.NotEqual(0, signed.ExitCode);
        Assert.False(File.Exists(site.Folder.Combine("x.jws")));
    }

    [Fact]
    public async Task Edge_WhoseFirstBundleIsBad_EndsAndSaysWhy()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        site.Install("{}");
        await using EdgeProcess edge = EdgeProcess.Launch(site.EdgeSettings);
        ProcessResult result = await edge.Process.WaitForExitAsync();
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches("EG(20|32)[0-9]{2}", result.Error);
        Assert.DoesNotContain("   at ", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MalformedYaml_AsAUserSeesIt_NamesPlaceProblemAndFix()
    {
        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        string file = site.Folder.Write("policies.yaml", """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: api
                spec:
                  selector: {pathPrefix: /v1/}
                  rules:
                    - name: per-key
                      limit_keys: ["header:x-api-key"]
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 5, burts: 10}
            """);
        ProcessResult result = await site.Cli.RunAsync("validate", file);
        string said = result.Output + result.Error;
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("policies.yaml:11:", said, StringComparison.Ordinal);
        Assert.Contains("policies[0].spec.rules[0].algorithm_config.burts", said, StringComparison.Ordinal);
        Assert.Contains("burst", said, StringComparison.Ordinal);
        Assert.Contains("fix: ", said, StringComparison.Ordinal);
        Assert.Matches("docs/errors/EG11[0-9]{2}\\.md", said);

        string broken = site.Folder.Write("broken.yaml", "policies:\n  - id: [\n");
        ProcessResult unreadable = await site.Cli.RunAsync("validate", broken);
        Assert.Equal(1, unreadable.ExitCode);
        Assert.Matches("broken\\.yaml:[0-9]+:[0-9]+ error EG10[0-9]{2} ", unreadable.Output + unreadable.Error);
        Assert.DoesNotContain("   at ", unreadable.ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(EdgeProcess edge, string code, long version)
    {
        await Eventually.TrueAsync(
            async () => (await edge.ReadinessAsync()).Body.Contains(code, StringComparison.Ordinal), what: $"the edge refuses with {code}");
        (int status, string body) = await edge.ReadinessAsync();
        Assert.Equal(200, status);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\"version\":{version},"), body, StringComparison.Ordinal);
        using ProxyClient client = new(edge.Proxy);
        (await client.GetAsync("/v1/a", "alice")).AssertPassed();
    }
}
