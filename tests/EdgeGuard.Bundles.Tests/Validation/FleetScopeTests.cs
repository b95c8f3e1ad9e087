using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Tests.Schema;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Budgets of a whole fleet: what may be shared, how much of it, and how it is bound.</summary>
public sealed class FleetScopeTests
{
    private const string Full = "{threshold_percent: 100, action: reject}";
    private const string Budget = "algorithm: cost_based, algorithm_config: {budget: 100, period: 1d, staged_actions: [" + Full + "]}";
    private const string Nested = "algorithm: token_bucket, algorithm_config: {rps: 1, burst: 2}";

    [Theory]
    [InlineData(Nested)]
    [InlineData("algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s}")]
    [InlineData("algorithm: concurrency, algorithm_config: {limit: 5}")]
    [InlineData("algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 6000}")]
    [InlineData("algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}")]
    public void Fleet_WithAnythingButABudget_IsRefused(string limiter)
    {
        var finding = Sample.Single(Sample.Native("{name: r, limit_keys: [], scope: fleet, " + limiter + "}"), "EG1294");

        Assert.Equal((Severity.Error, "policies[0].spec.rules[0].scope"), (finding.Severity, finding.Path));
        Assert.Contains("cost_based", finding.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("scope: edge, ")]
    public void Lease_WithoutScopeFleet_IsRefused(string scope)
    {
        var finding = Sample.Single(Sample.Native("{name: r, limit_keys: [], " + scope + "lease: {slice_percent: 10}, " + Budget + "}"), "EG1294");

        Assert.Equal((Severity.Error, "policies[0].spec.rules[0].lease"), (finding.Severity, finding.Path));
        Assert.Equal("write scope: fleet, or remove lease", finding.Fix);
    }

    [Theory]
    [InlineData("slice_percent: 0", "EG1104", "slice_percent")]
    [InlineData("slice_percent: 51", "EG1104", "slice_percent")]
    [InlineData("low_water_percent: 91", "EG1104", "low_water_percent")]
    [InlineData("on_unreachable: allow", "EG1106", "on_unreachable")]
    [InlineData("slice: 5", "EG1101", "slice")]
    public void Lease_WithOneMistake_GivesItsCodeAtItsPath(string lease, string code, string path)
    {
        var finding = Sample.Single(Sample.Native("{name: r, limit_keys: [], scope: fleet, lease: {" + lease + "}, " + Budget + "}"), code);

        Assert.Equal((Severity.Error, "policies[0].spec.rules[0].lease." + path), (finding.Severity, finding.Path));
    }

    [Fact]
    public void Scope_ThatIsNone_IsRefused() => Sample.Single(Sample.Native("{name: r, limit_keys: [], scope: region, " + Budget + "}"), "EG1106");

    // 2^53 millionths of a unit are 9 007 199 254.740992 units.
    [Theory]
    [InlineData("budget: 9007199254", "algorithm_config.budget")]
    [InlineData("budget: 9007199254.740992", "algorithm_config.budget")]
    [InlineData("budget: 5, tier: 9007199254", "tiers.plans.pro.budget")]
    public void Budget_ThatIsNoExactNumberToBothSides_IsRefused(string numbers, string path)
    {
        var finding = Sample.Single(Sample.Native(Numbers(numbers, "fleet")), "EG1295");

        Assert.Equal((Severity.Error, "policies[0].spec.rules[0]." + path), (finding.Severity, finding.Path));
    }

    [Theory]
    [InlineData("budget: 9007199253", "fleet")]
    [InlineData("budget: 5, tier: 9007199253", "fleet")]
    [InlineData("budget: 9007199254, tier: 9007199254", "edge")]
    public void Budget_BelowThat_OrOfOneEdge_IsValid(string numbers, string scope) => Sample.Valid(Sample.Native(Numbers(numbers, scope)));

    [Fact]
    public void Fleet_OfMoreRulesThanAnExchangeCanName_IsRefused()
    {
        Sample.Valid(ManyRules(LeaseDefinition.MaxBudgets));

        var finding = Sample.Single(ManyRules(LeaseDefinition.MaxBudgets + 1), "EG1295");
        Assert.Contains("1025", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_ThatMakeOneBudget_AreRefused()
    {
        var rule = "{name: NAME, limit_keys: [], scope: fleet, " + Budget + "}";
        var text = $"""
            format: edgeguard/v1
            policies:
              - id: a
                spec: {"{selector: {pathPrefix: /a}, rules: [" + rule.Replace("NAME", "b/c", StringComparison.Ordinal) + "]}"}
              - id: a/b
                spec: {"{selector: {pathPrefix: /b}, rules: [" + rule.Replace("NAME", "c", StringComparison.Ordinal) + "]}"}
            """;

        var result = Sample.Read(text);

        Assert.Equal(["EG1294"], result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
    }

    [Fact]
    public void Fleet_WithPlansStagesAndACalendarMonth_IsBound()
    {
        var document = Sample.Valid(
            """
            format: edgeguard/v1
            policies:
              - id: quota
                spec:
                  selector: {pathPrefix: /v1/}
                  rules:
                    - name: month
                      limit_keys: ["header:x-team"]
                      algorithm: cost_based
                      algorithm_config:
                        budget: 1000
                        period: month
                        time_zone: Europe/Berlin
                        staged_actions:
                          - {threshold_percent: 80, action: warn}
                          - {threshold_percent: 90, action: throttle, delay_ms: 100}
                          - {threshold_percent: 100, action: reject}
                      tiers: {by: "header:x-plan", default: free, plans: {free: {}, pro: {budget: 5000}}}
                      scope: fleet
                      lease: {slice_percent: 2.5, low_water_percent: 50, on_unreachable: deny}
                    - name: day
                      limit_keys: []
                      algorithm: cost_based
                      algorithm_config: {budget: 100, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}
                      scope: fleet
                    - name: own
                      limit_keys: []
                      algorithm: cost_based
                      algorithm_config: {budget: 100, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}
                      scope: edge
            """);

        var rules = document.Policies[0].Rules;
        Assert.Equal(new LeaseDefinition { SlicePercent = 2.5, LowWaterPercent = 50, DenyWhenUnreachable = true }, rules[0].Lease);
        Assert.Equal(new LeaseDefinition { SlicePercent = 5, LowWaterPercent = 30, DenyWhenUnreachable = false }, rules[1].Lease);
        Assert.Null(rules[2].Lease);
    }

    [Fact]
    public void Fallback_MayBeABudgetOfTheFleet()
    {
        var document = Sample.Valid(Sample.Native(spec: "fallback_limit: {limit_keys: [], scope: fleet, " + Budget + "}"));

        Assert.NotNull(document.Policies[0].FallbackLimit!.Lease);
    }

    [Theory]
    [InlineData("fleet-budgets.md", "")]
    [InlineData("errors/EG3241.md", "")]
    [InlineData("errors/EG1294.md", "EG1294")]
    [InlineData("errors/EG1295.md", "EG1295")]
    public void Page_Example_IsWhatThePageSays(string page, string code)
    {
        const string Fence = "```yaml\n";
        var text = File.ReadAllText(Repository.PathOf("docs/" + page));
        var begin = text.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        var rules = text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)].TrimEnd().Replace("\n", "\n      ", StringComparison.Ordinal);

        var result = Sample.Read(
            "format: edgeguard/v1\nissuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /keys}]\n"
            + "policies:\n  - id: a\n    spec:\n      selector: {pathPrefix: /}\n      " + rules + "\n");

        Assert.Equal(code, string.Join(' ', result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code)));
    }

    private static string Numbers(string numbers, string scope)
    {
        var parts = numbers.Split(", tier: ");
        var tiers = parts.Length == 1 ? string.Empty : "tiers: {by: 'header:x-plan', default: pro, plans: {pro: {budget: " + parts[1] + "}}}, ";
        return "{name: r, limit_keys: [], scope: " + scope + ", " + tiers + "algorithm: cost_based, algorithm_config: {" + parts[0] + ", period: 1d, staged_actions: [" + Full + "]}}";
    }

    private static string ManyRules(int count)
    {
        var policies = Enumerable.Range(0, (count + 63) / 64).Select(policy =>
            $"  - id: p{policy}\n    spec:\n      selector: {{pathPrefix: /{policy}}}\n      rules:\n"
            + string.Concat(Enumerable.Range(policy * 64, Math.Min(64, count - (policy * 64))).Select(rule => $"        - {{name: r{rule}, limit_keys: [], scope: fleet, {Budget}}}\n")));
        return "format: edgeguard/v1\npolicies:\n" + string.Concat(policies);
    }
}
