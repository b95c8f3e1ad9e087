using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Mistakes in limiters, plans and protection: one case each, with its code and its place.</summary>
public sealed class LimiterFindingTests
{
    private const string Full = "{threshold_percent: 100, action: reject}";
    private const string Bucket = "algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}";
    private const string Nested = "algorithm: token_bucket, algorithm_config: {rps: 1, burst: 2}";

    [Theory]
    [InlineData("EG1231", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, time_zone: Europe/Berlim, staged_actions: [" + Full + "]}", "algorithm_config.time_zone", "did you mean Europe/Berlin?")]
    [InlineData("EG1231", "algorithm: cost_based, algorithm_config: {budget: 5, period: month, time_zone: europe/berlin, staged_actions: [" + Full + "]}", "algorithm_config.time_zone", "did you mean Europe/Berlin?")]
    [InlineData("EG1231", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, time_zone: localtime, staged_actions: [" + Full + "]}", "algorithm_config.time_zone", "")]
    [InlineData("EG1231", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, time_zone: right/Europe/Berlin, staged_actions: [" + Full + "]}", "algorithm_config.time_zone", "")]
    [InlineData("EG1105", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, time_zone: ../etc/passwd, staged_actions: [" + Full + "]}", "algorithm_config.time_zone", "")]
    [InlineData("EG1219", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, staged_actions: [" + Full + ", {threshold_percent: 50, action: throttle}]}", "algorithm_config.staged_actions[1].delay_ms", "")]
    [InlineData("EG1219", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, staged_actions: [" + Full + ", {threshold_percent: 50, action: warn, delay_ms: 5}]}", "algorithm_config.staged_actions[1].delay_ms", "")]
    [InlineData("EG1219", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, staged_actions: [" + Full + ", {threshold_percent: 100, action: warn}]}", "algorithm_config.staged_actions[1].threshold_percent", "")]
    [InlineData("EG1222", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, window: 1h, staged_actions: [" + Full + "]}", "algorithm_config.window", "")]
    [InlineData("EG1232", "algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, fixed_cost: 6, staged_actions: [" + Full + "]}", "algorithm_config.budget", "")]
    [InlineData("EG1232", "algorithm: cost_based, algorithm_config: {budget: 10, period: 1d, fixed_cost: 6, staged_actions: [" + Full + ", {threshold_percent: 50, action: reject}]}", "algorithm_config.budget", "")]
    [InlineData("EG1232", "algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s, cost_source: 'query:n', default_cost: 9, min_cost: 1}", "algorithm_config.limit", "")]
    [InlineData("EG1233", "algorithm: sliding_window, algorithm_config: {limit: 5, window: 1s, precision: 11}", "algorithm_config.precision", "write precision: 10 or less, or a longer window")]
    [InlineData("EG1221", "algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 5000, tokens_per_day: 4000}", "algorithm_config.tokens_per_day", "")]
    [InlineData("EG1104", "algorithm: concurrency, algorithm_config: {limit: 0}", "algorithm_config.limit", "")]
    [InlineData("EG1104", "algorithm: concurrency, algorithm_config: {limit: 5, max_hold: 500ms}", "algorithm_config.max_hold", "")]
    [InlineData("EG1223", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: ['ip:asn'], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}", "algorithm_config.levels[1].limit_keys", "")]
    [InlineData("EG1223", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: a, limit_keys: ['ip:address'], " + Nested + "}]}", "algorithm_config.levels[1].name", "")]
    [InlineData("EG1223", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], borrow: {max_percent: 5}, " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}", "algorithm_config.levels[0].borrow", "")]
    [InlineData("EG1107", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}]}", "algorithm_config.levels", "")]
    [InlineData("EG1106", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: [], algorithm: concurrency, algorithm_config: {limit: 5}}]}", "algorithm_config.levels[1].algorithm", "")]
    [InlineData("EG1207", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['jwt:sub'], " + Nested + "}]}", "algorithm_config.levels[1].limit_keys[0]", "")]
    [InlineData("EG1203", "algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: [], algorithm: token_bucket, algorithm_config: {rps: 5, burst: 2}}]}", "algorithm_config.levels[1].algorithm_config.burst", "")]
    [InlineData("EG1227", "tiers: {by: 'header:p', default: a, plans: {a: {brust: 5}}}, " + Bucket, "tiers.plans.a.brust", "did you mean burst?")]
    [InlineData("EG1227", "tiers: {by: 'header:p', default: a, plans: {a: {cost_source: 5}}}, " + Bucket, "tiers.plans.a.cost_source", "")]
    [InlineData("EG1227", "tiers: {by: 'header:p', default: a, plans: {a: {precision: 5}}}, algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s}", "tiers.plans.a.precision", "")]
    [InlineData("EG1227", "tiers: {by: 'header:p', default: a, plans: {a: {}}}, algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}", "tiers", "")]
    [InlineData("EG1103", "tiers: {by: 'header:p', default: a, plans: {a: {limit: 2.5}}}, algorithm: concurrency, algorithm_config: {limit: 5}", "tiers.plans.a.limit", "")]
    [InlineData("EG1104", "tiers: {by: 'header:p', default: a, plans: {a: {burst: 0}}}, " + Bucket, "tiers.plans.a.burst", "")]
    [InlineData("EG1203", "tiers: {by: 'header:p', default: a, plans: {a: {tokens_per_second: 6}}}, " + Bucket, "tiers.plans.a.burst", "")]
    [InlineData("EG1232", "tiers: {by: 'header:p', default: a, plans: {a: {limit: 1}}}, algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s, fixed_cost: 2}", "tiers.plans.a.limit", "")]
    [InlineData("EG1224", "tiers: {by: 'header:p', default: a, plans: {a: {}}, grants: [{value: x, tier: b, expires_at: 2030-01-01T00:00:00Z, reason: y}]}, " + Bucket, "tiers.grants[0].tier", "")]
    [InlineData("EG1234", "tiers: {by: 'query:plan', default: a, plans: {a: {}}}, " + Bucket, "tiers.by", "")]
    [InlineData("EG1234", "tiers: {by: 'header:p', for: 'cookie:c', default: a, plans: {a: {}}}, " + Bucket, "tiers.for", "")]
    [InlineData("EG1207", "tiers: {by: 'jwt:plan', default: a, plans: {a: {}}}, " + Bucket, "tiers.by", "")]
    [InlineData("EG1207", "enforcement: {percent: 5, by: 'jwt:sub'}, " + Bucket, "enforcement.by", "")]
    [InlineData("EG1235", "shadow: {algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}}, " + Bucket, "shadow.algorithm", "")]
    [InlineData("EG1235", "shadow: {" + Bucket + "}, algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}", "shadow.algorithm", "")]
    [InlineData("EG1203", "shadow: {algorithm: token_bucket, algorithm_config: {rps: 5, burst: 2}}, " + Bucket, "shadow.algorithm_config.burst", "")]
    [InlineData("EG1112", "match: {'path:0': a}, " + Bucket, "match.path:0", "")]
    [InlineData("EG1112", "match: {'path:100': a}, " + Bucket, "match.path:100", "")]
    [InlineData("EG1104", "ipv6_prefix: 16, " + Bucket, "ipv6_prefix", "")]
    public void Rule_WithOneMistake_GivesItsCodeAtItsPath(string code, string rest, string path, string fix)
    {
        var finding = Sample.Single(Sample.Native("{name: r, limit_keys: [], " + rest + "}"), code);

        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal("policies[0].spec.rules[0]." + path, finding.Path.Replace("[\"path:0\"]", ".path:0", StringComparison.Ordinal).Replace("[\"path:100\"]", ".path:100", StringComparison.Ordinal));
        Assert.True(finding.Location.Line > 0);
        Assert.True(fix.Length == 0 || fix == finding.Fix, finding.Fix);
    }

    [Fact]
    public void Hierarchy_WithKeysOfItsOwn_IsToldWhereTheyBelong()
    {
        var finding = Sample.Single(
            Sample.Native("{name: r, limit_keys: ['ip:address'], algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Nested + "}, {name: b, limit_keys: ['ip:address'], " + Nested + "}]}}"),
            "EG1223");

        Assert.Equal("write limit_keys: [], and the keys into the levels", finding.Fix);
    }

    [Theory]
    [InlineData("EG1228", "circuit_breaker: {enabled: true}", "circuit_breaker.spend_rate_threshold_per_minute")]
    [InlineData("EG1229", "adaptive_concurrency: {enabled: true, min_limit: 50, max_limit: 20}", "adaptive_concurrency.max_limit")]
    [InlineData("EG1229", "adaptive_concurrency: {enabled: true, initial_limit: 2}", "adaptive_concurrency.initial_limit")]
    [InlineData("EG1230", "adaptive_concurrency: {enabled: true, priority: {by: 'header:c', classes: [paid, free], default: fre}}", "adaptive_concurrency.priority.default")]
    [InlineData("EG1114", "adaptive_concurrency: {enabled: true, priority: {by: 'header:c', classes: [paid, paid]}}", "adaptive_concurrency.priority.classes[1]")]
    [InlineData("EG1234", "adaptive_concurrency: {enabled: true, priority: {by: 'ua:bot', classes: [paid, free]}}", "adaptive_concurrency.priority.by")]
    [InlineData("EG1207", "adaptive_concurrency: {enabled: true, priority: {by: 'jwt:class', classes: [paid, free]}}", "adaptive_concurrency.priority.by")]
    [InlineData("EG1104", "loop_detection: {enabled: true, threshold_identical_requests: 1}", "loop_detection.threshold_identical_requests")]
    [InlineData("EG1106", "circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 5, status: 500}", "circuit_breaker.status")]
    public void Protection_WithOneMistake_GivesItsCodeAtItsPath(string code, string spec, string path)
    {
        var finding = Sample.Single(Sample.Native(spec: spec), code);

        Assert.Equal((Severity.Error, "policies[0].spec." + path), (finding.Severity, finding.Path));
    }

    [Theory]
    [InlineData("EG1105", "request: {facts: {'ip:address': 1}}, expect: {verdict: allow}", "request.facts.ip:address")]
    [InlineData("EG1404", "request: {}, expect: {verdict: allow, delay_ms: 5}", "expect.delay_ms")]
    [InlineData("EG1404", "request: {}, expect: {verdict: warn, reason: budget_exceeded}", "expect.reason")]
    [InlineData("EG1404", "request: {}, expect: {verdict: throttle, retry_after: 5}", "expect.retry_after")]
    [InlineData("EG1104", "duration: 8d, request: {}, expect: {verdict: allow}", "duration")]
    [InlineData("EG1103", "usage_tokens: 1.5, request: {}, expect: {verdict: allow}", "usage_tokens")]
    public void Test_WithOneMistake_GivesItsCodeAtItsPath(string code, string step, string path)
    {
        var finding = Sample.Single(Sample.Native(top: "tests: [{name: a, steps: [{" + step + "}]}]"), code);

        Assert.Equal(Severity.Error, finding.Severity);
        Assert.Equal("tests[0].steps[0]." + path, finding.Path.Replace("[\"ip:address\"]", ".ip:address", StringComparison.Ordinal));
    }

    [Fact]
    public void Body_OverItsBound_IsRefused()
    {
        var fits = Sample.Native(top: $"tests: [{{name: a, steps: [{{request: {{body: '{new string('a', 65_536)}'}}, expect: {{verdict: allow}}}}]}}]");

        Sample.Valid(fits);
        Sample.Single(fits.Replace("aaaa'", "aaaaa'", StringComparison.Ordinal), "EG1006");
    }

    [Fact]
    public void PlansOfAnUnsoundRule_AreNotBlamedForIt()
    {
        var result = Sample.Read(Sample.Native(
            "{name: r, limit_keys: [], tiers: {by: 'header:p', default: a, plans: {a: {}, b: {fixed_cost: 1}}}, algorithm: token_bucket, algorithm_config: {rps: 9, burst: 5}}"));

        Assert.Equal(["EG1203"], result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
    }

    [Fact]
    public void Plan_ThatRepairsNothingAndBreaksNothing_KeepsTheOtherSpelling() =>
        Sample.Valid(Sample.Native("{name: r, limit_keys: [], tiers: {by: 'header:p', default: a, plans: {a: {tokens_per_second: 3}, b: {rps: 4}}}, " + Bucket + "}"));

    [Fact]
    public void ManyMistakes_InOneRule_AreAllTold()
    {
        var codes = Sample.Read(Sample.Native(
            """
            {name: r, limit_keys: ['jwt:sub'], tiers: {by: 'query:p', default: z, plans: {a: {window: 5}}}, enforcement: {percent: 101, by: 'jwt:sub'},
             algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, window: 1h, time_zone: Mars/Base, fixed_cost: 9, staged_actions: [{threshold_percent: 80, action: throttle}]}}
            """.ReplaceLineEndings(" "))).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(new HashSet<string>(["EG1207", "EG1234", "EG1224", "EG1227", "EG1104", "EG1222", "EG1231", "EG1219"], StringComparer.Ordinal), codes);
    }
}
