using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Testing;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Testing;

public sealed class PolicyTestRunnerTests
{
    private static readonly CompiledPolicy Compiled = Bundle.Compile(
        Policy("p", Rule("r", 1, 2, Claim("sub"), Header("x-app"))), Policy("s", Rule("r", 1, 1)).AsShadow());

    [Fact]
    public void Run_StepsInVirtualTime_PassEachOnEmptyCounters()
    {
        var test = Test(
            Step(Expect("allow", remaining: 0) with { Policy = "p", Rule = "r" }, times: 2),
            Step(Expect("reject", "token_bucket_exceeded") with { RetryAfter = 1 }, times: 3),
            Step(Expect("allow") with { ShadowReject = false }, after: 2));
        var outcomes = PolicyTestRunner.Run([test, test], Compiled);
        Assert.All(outcomes, o => Assert.True(o.Passed, string.Join('\n', o.Failures)));
    }

    [Fact]
    public void Run_StepThatDiffers_TellsWhichAndWhat()
    {
        var test = Test(Step(Expect("allow")), Step(Expect("allow"), times: 4), Step(Expect("reject")));
        var outcome = Assert.Single(PolicyTestRunner.Run([test], Compiled));
        Assert.False(outcome.Passed);
        var failure = Assert.Single(outcome.Failures);
        Assert.Equal(("EG1401", "tests[0].steps[1]"), (failure.Code, failure.Path));
        Assert.Equal(
            "test \"t\", step 2 of 3, request 2 of 4: expected verdict allow, got reject; the decision was reject (token_bucket_exceeded)",
            failure.Message);
    }

    [Fact]
    public void Run_ShadowReject_IsTheReasonOfAnAllow()
    {
        var test = Test(
            Step(Expect("allow")),
            Step(Expect("allow", "token_bucket_exceeded") with { ShadowReject = true, Policy = "s" }));
        Assert.True(PolicyTestRunner.Run([test], Compiled)[0].Passed);
    }

    [Fact]
    public void Run_AmbiguousPath_IsMalformed()
    {
        var step = Step(Expect("reject", "malformed_request"));
        var test = Test(step with { Request = step.Request with { Path = "/a%2fb" } });
        Assert.True(PolicyTestRunner.Run([test], Compiled)[0].Passed);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public void Build_BundleWithItsOwnTests_HasAPolicyOnlyIfTheyPass(int times, bool passes)
    {
        var yaml = $$"""
            format: edgeguard/v1
            bundle_version: 3
            policies:
              - id: p
                spec:
                  selector: { pathPrefix: /v1/ }
                  rules:
                    - name: r
                      limit_keys: ["header:x-app"]
                      algorithm: token_bucket
                      algorithm_config: { tokens_per_second: 1, burst: 2 }
            tests:
              - name: burst
                steps:
                  - times: {{times}}
                    request: { path: /v1/x, headers: { X-App: a } }
                    expect: { verdict: allow }
            """;
        var build = BundleBuilder.Build(Encoding.UTF8.GetBytes(yaml), "b.yaml", ValidationContext.Unknown);
        var told = string.Join('\n', build.Diagnostics);
        Assert.True(build.Document is not null, told);
        Assert.True((build.Policy is not null) == passes, told);
        Assert.Equal(passes ? [] : ["EG1401"], build.Diagnostics.Where(d => d.Severity == Bundles.Diagnostics.Severity.Error).Select(d => d.Code));
        Assert.All(build.Diagnostics.Where(d => d.Code == "EG1401"), d => Assert.StartsWith("- times:", yaml.Split('\n')[d.Location.Line - 1].Trim(), StringComparison.Ordinal));
        Assert.Equal(64, build.Digest.Length);
        Assert.Equal(passes, Assert.Single(build.Tests).Passed);
    }

    [Fact]
    public void Build_TextThatDoesNotRead_GivesDiagnosticsOnly()
    {
        var build = BundleBuilder.Build("policies: ["u8.ToArray(), "b.yaml", ValidationContext.Unknown);
        Assert.Null(build.Policy);
        Assert.NotEmpty(build.Diagnostics);
    }

    private static PolicyTest Test(params PolicyTestStep[] steps) => new() { Name = "t", Steps = [.. steps] };

    private static PolicyTestExpectation Expect(string verdict, string? reason = null, long? remaining = null) => new()
    {
        Verdict = verdict,
        Reason = reason,
        Remaining = remaining,
    };

    private static PolicyTestStep Step(PolicyTestExpectation expect, int times = 1, int after = 0) => new()
    {
        After = TimeSpan.FromSeconds(after),
        Times = times,
        Expect = expect,
        Request = new PolicyTestRequest
        {
            Headers = [new("X_App", "a")],
            Claims = [new("sub", "alice")],
        },
    };
}
