using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Bundles;

/// <summary>A budget of a whole fleet is in force only where somebody hands it out.</summary>
public sealed class FleetBundleTests
{
    private const string Budget = "algorithm: cost_based, algorithm_config: {budget: 100, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}";

    private const string Bundle = $$"""
        format: edgeguard/v1
        bundle_version: 2
        policies:
          - id: quota
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: teams, limit_keys: ["header:x-team"], scope: fleet, tiers: {by: "header:x-plan", default: free, plans: {free: {}, pro: {budget: 500} } }, {{Budget}} }
                - {name: all, limit_keys: [], scope: fleet, {{Budget}} }
                - {name: own, limit_keys: [], {{Budget}} }
        """;

    [Fact]
    public async Task FirstStart_WithoutAControlPlane_Fails_AndNamesEachBudgetOnce()
    {
        var problem = await Assert.ThrowsAsync<StartException>(() => EdgeUnderTest.StartAsync(Bundle));

        var found = problem.Diagnostics.Where(diagnostic => diagnostic.Code == EdgeCodes.FleetWithoutControlPlane).Select(diagnostic => diagnostic.Message).ToList();
        Assert.Equal(2, found.Count);
        Assert.Contains(found, message => message.StartsWith("quota/teams ", StringComparison.Ordinal));
        Assert.Contains(found, message => message.StartsWith("quota/all ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reload_WithoutAControlPlane_ChangesNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"));
        edge.Folder.Write("bundle.yaml", Bundle);

        var attempt = await FileReloadTests.UntilAttempt(edge, attempt => !attempt.Result.Applied);

        Assert.Contains(attempt.Result.Diagnostics, diagnostic => diagnostic.Code == EdgeCodes.FleetWithoutControlPlane);
        using var response = await edge.GetAsync("/a");
        Assert.StartsWith("\"one\"", response.Header("RateLimit-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithAControlPlane_FindsNothing()
    {
        var read = BundleReader.Read(Encoding.UTF8.GetBytes(Bundle), "bundle.yaml", ValidationContext.Unknown);
        var policy = PolicyCompiler.Compile(read.Document!, "test");
        var findings = ImmutableArray.CreateBuilder<Diagnostic>();

        ActivationChecks.CheckScopes(policy, new EdgeOptions { ControlPlaneUrl = "https://control.example" }, findings);
        Assert.Empty(findings);

        ActivationChecks.CheckScopes(policy, new EdgeOptions(), findings);
        Assert.Equal(2, findings.Count);
    }
}
