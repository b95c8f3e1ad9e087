using EdgeGuard.Bundles.Diff;
using EdgeGuard.Bundles.Tests.Validation;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Diff;

/// <summary>Every number and word of a limiter, plan and protection is told when it changes, with what that does.</summary>
public sealed class LimiterDiffTests
{
    private const string Budget = "cost_based, algorithm_config: {budget: 100, period: 7d, staged_actions: [{threshold_percent: 100, action: reject}]}";
    private const string Fleet = Budget + ", scope: fleet, lease: {slice_percent: 5, low_water_percent: 30, on_unreachable: spend_rest}";
    private const string Window = "sliding_window, algorithm_config: {limit: 10, window: 10s}";
    private const string Llm = "token_bucket_llm, algorithm_config: {tokens_per_minute: 6000}";
    private const string Levels = "hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], algorithm: token_bucket, algorithm_config: {rps: 5, burst: 9}}, {name: b, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 2}}]}";
    private const string Tiers = "token_bucket, algorithm_config: {rps: 1, burst: 9}, tiers: {by: 'jwt:plan', default: a, plans: {a: {}, b: {burst: 20}}}";

    [Theory]
    [InlineData(Budget, "budget: 100", "budget: 90", "budget: 100 -> 90 tightens")]
    [InlineData(Budget, "7d", "1d", "period: 7d -> 1d resets counters")]
    [InlineData(Budget, "7d", "7d, time_zone: Asia/Tokyo", "time_zone: UTC -> Asia/Tokyo resets counters")]
    [InlineData(Budget, "7d", "7d, week_start: sunday", "week_start: monday -> sunday resets counters")]
    [InlineData(Budget, "7d", "7d, fixed_cost: 2", "fixed_cost: 1 -> 2 tightens")]
    [InlineData(Budget, "100, action: reject}", "100, action: reject}, {threshold_percent: 90, action: reject}", "staged_actions: 100% reject -> 90% reject, 100% reject tightens")]
    [InlineData(Budget, "100, action: reject}", "100, action: reject}, {threshold_percent: 80, action: throttle, delay_ms: 5}", "staged_actions: 100% reject -> 80% throttle 5 ms, 100% reject ")]
    [InlineData(Budget, "reject}]}", "reject}]}, scope: fleet", "scope: edge -> fleet resets counters")]
    [InlineData(Fleet, "slice_percent: 5", "slice_percent: 10", "lease.slice_percent: 5 -> 10 ")]
    [InlineData(Fleet, "low_water_percent: 30", "low_water_percent: 40", "lease.low_water_percent: 30 -> 40 ")]
    [InlineData(Fleet, "spend_rest", "deny", "lease.on_unreachable: spend_rest -> deny tightens")]
    [InlineData(Window, "limit: 10", "limit: 11", "limit: 10 -> 11 loosens")]
    [InlineData(Window, "10s", "20s", "window: 10s -> 20s resets counters")]
    [InlineData(Window, "10s", "10s, precision: 20", "precision: 10 -> 20 resets counters")]
    [InlineData(Llm, "6000", "6000, tokens_per_day: 50000", "tokens_per_day:  -> 50000 tightens")]
    [InlineData(Llm, "6000", "6000, default_max_completion: 500", "default_max_completion: 1000 -> 500 loosens")]
    [InlineData(Llm, "6000", "6000, token_source: {estimator: calibrated}", "token_source.estimator: simple_word -> calibrated ")]
    [InlineData("concurrency, algorithm_config: {limit: 5}", "5", "6", "limit: 5 -> 6 loosens")]
    [InlineData("concurrency, algorithm_config: {limit: 5}", "5", "5, max_hold: 20m", "max_hold: 10m -> 20m tightens")]
    [InlineData(Levels, "rps: 1", "rps: 2", "levels[b].tokens_per_second: 1 -> 2 loosens")]
    [InlineData(Levels, "['ip:address']", "[host]", "levels[b].limit_keys: [ip:address] -> [host] resets counters")]
    [InlineData(Levels, "burst: 2}", "burst: 2}, borrow: {max_percent: 50}", "levels[b].borrow:  -> up to 50%, keeping 10% loosens")]
    [InlineData(Tiers, "burst: 20", "burst: 30", "tiers.plans[b].burst: 20 -> 30 loosens")]
    [InlineData(Tiers, "default: a", "default: b", "tiers.default: a -> b ")]
    [InlineData(Tiers, "burst: 20}", "burst: 20}, c: {}", "tiers.plans[c]:  -> 1 a second, burst 9 ")]
    [InlineData(Tiers, "}}}", "}}, grants: [{value: x, tier: b, expires_at: 2030-01-01T00:00:00Z, reason: y}]}", "tiers.grants:  -> b for x until 2030-01-01T00:00:00Z ")]
    public void Number_Changed_IsToldWithItsEffect(string rule, string from, string to, string expected)
    {
        var before = "{name: r, limit_keys: [], algorithm: " + rule + "}";

        Assert.Contains(from, before, StringComparison.Ordinal);
        Assert.Equal(["policies[api].rules[r]." + expected], Compare(Sample.Native(before), Sample.Native(before.Replace(from, to, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("ipv6_prefix: 64", "limit_keys: [ip:address] -> [ip:address/64] resets counters")]
    [InlineData("enforcement: {percent: 5, by: 'jwt:sub'}", "enforcement.percent: 100 -> 5 loosens", "enforcement.by:  -> jwt:sub ")]
    [InlineData("shadow: {algorithm: concurrency, algorithm_config: {limit: 3}}", "shadow:  -> concurrency: 3 at once ")]
    [InlineData("tiers: {by: 'jwt:plan', default: a, plans: {a: {}, b: {}}}", "tiers:  -> a, b by jwt:plan, default a ")]
    public void Extra_Added_IsToldWithItsEffect(string extra, params string[] expected)
    {
        const string Rule = "{name: r, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 9}";

        Assert.Equal(expected.Select(line => "policies[api].rules[r]." + line), Compare(Sample.Native(Rule + "}"), Sample.Native(Rule + ", " + extra + "}")));
    }

    [Fact]
    public void Algorithm_Changed_ResetsCounters() => Assert.Equal(
        ["policies[api].rules[r].algorithm: sliding_window -> cost_based resets counters"],
        Compare(Sample.Native("{name: r, limit_keys: [], algorithm: " + Window + "}"), Sample.Native("{name: r, limit_keys: [], algorithm: " + Budget + "}")));

    [Theory]
    [InlineData("loop_detection: {enabled: true}", "loop_detection:  -> reject from 10 equal in 60 s tightens")]
    [InlineData("circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 5}", "circuit_breaker:  -> opens at 5 a minute, resets after 5m tightens")]
    [InlineData("adaptive_concurrency: {enabled: true}", "adaptive_concurrency:  -> 4 to 1000 in flight tightens")]
    public void Protection_Added_Tightens(string spec, string expected)
    {
        Assert.Equal(["policies[api]." + expected], Compare(Sample.Native(), Sample.Native(spec: spec)));
        Assert.EndsWith("loosens", Assert.Single(Compare(Sample.Native(spec: spec), Sample.Native())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loop_detection: {enabled: true, similarity: near}", "loop_detection: {enabled: true, similarity: near, action: warn, threshold_identical_requests: 5, similarity_percent: 80}",
        "loop_detection.threshold_identical_requests: 10 -> 5 tightens", "loop_detection.action: reject -> warn loosens", "loop_detection.similarity_percent: 90 -> 80 tightens")]
    [InlineData("circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 5}", "circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 6, auto_reset_after_minutes: 0, status: 503}",
        "circuit_breaker.spend_rate_threshold_per_minute: 5 -> 6 loosens", "circuit_breaker.auto_reset_after_minutes: 5 -> 0 tightens", "circuit_breaker.status: 429 -> 503 ")]
    [InlineData("adaptive_concurrency: {enabled: true}", "adaptive_concurrency: {enabled: true, latency_tolerance: 2, priority: {by: 'header:c', classes: [a, b]}}",
        "adaptive_concurrency.latency_tolerance: 1.5 -> 2 loosens", "adaptive_concurrency.priority:  -> a > b by header:c, default b ")]
    public void Protection_Changed_IsToldFieldByField(string before, string after, params string[] expected) =>
        Assert.Equal(expected.Select(line => "policies[api]." + line), Compare(Sample.Native(spec: before), Sample.Native(spec: after)));

    private static IEnumerable<string> Compare(string before, string after)
    {
        var context = new ValidationContext { JwtVerificationOff = true };
        return BundleDiff.Compare(Sample.Valid(before, context), Sample.Valid(after, context)).Select(c => $"{c.Path}: {c.Before} -> {c.After} {c.Effect}");
    }
}
