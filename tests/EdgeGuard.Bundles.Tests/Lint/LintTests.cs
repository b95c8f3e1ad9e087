using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Tests.Validation;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Lint;

public sealed class LintTests
{
    private const string Bucket = "algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5";

    [Theory]
    [InlineData("EG1501", "format: edgeguard/v1\npolicies: []")]
    [InlineData("EG1501", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: []}}]")]
    [InlineData("EG1502", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: ['header:x'], " + Bucket + "}}]}}]")]
    [InlineData("EG1503", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + "}}, {name: s, limit_keys: [], algorithm: token_bucket, algorithm_config: {rps: 2, burst: 5}}]}}]")]
    [InlineData("EG1504", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + "}}], fallback_limit: {limit_keys: [], " + Bucket + "}}}}]")]
    [InlineData("EG1505", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + ", min_cost: 1}}]}}]")]
    [InlineData("EG1506", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, mode: shadow, rules: [{name: r, limit_keys: [], " + Bucket + "}}]}}]")]
    [InlineData("EG1507", "format: edgeguard/v1\nkill_switches: [{scope_key: 'header:x', scope_value: '1'}]\npolicies: []")]
    [InlineData("EG1508", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + "}}]}}]")]
    [InlineData("EG1509", "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: []}}, {id: b, spec: {selector: {}, rules: []}}]")]
    [InlineData("EG1601", "bundle_version: 1\nowner: web\npolicies: []")]
    [InlineData("EG1602", "bundle_version: 1\ndefaults: {}\npolicies: []")]
    [InlineData("EG1603", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: ['query:x'], " + Bucket + "}}]}}]")]
    [InlineData("EG1206", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + ", cost_source: 'header:c'}}]}}]")]
    [InlineData("EG1204", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], " + Bucket + ", fixed_cost: 6}}]}}]")]
    [InlineData("EG1221", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 5000, tokens_per_day: 4000}}]}}]")]
    [InlineData("EG1232", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, fixed_cost: 6, staged_actions: [{threshold_percent: 100, action: reject}]}}]}}]")]
    [InlineData("EG1605", "bundle_version: 1\npolicies: [{id: a, spec: {selector: {}, rules: [], loop_detection: {enabled: true, window_seconds: 100000}}}]")]
    public void Document_ValidButDoubtful_IsReadWithAdvice(string code, string text)
    {
        var result = Sample.Read(text);

        Assert.NotNull(result.Document);
        Assert.Contains(result.Diagnostics, d => d.Code == code && d.Severity < Severity.Error);
    }

    [Fact]
    public void Policy_ThatOnlyGuards_IsNotSaidToLimitNothing()
    {
        var result = Sample.Read(
            "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [], circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 5}}}]");

        Assert.NotNull(result.Document);
        Assert.DoesNotContain(result.Diagnostics, d => d.Code == "EG1501");
    }

    [Theory]
    [InlineData("EG1502", "limit_keys: ['cookie:sid'], " + Bucket + "}")]
    [InlineData("EG1502", "limit_keys: ['path:2'], " + Bucket + "}")]
    [InlineData("EG1502", "limit_keys: ['host'], " + Bucket + "}")]
    [InlineData("EG1502", "limit_keys: [], algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: ['query:org'], " + Bucket + "}}, {name: b, limit_keys: ['query:org', 'query:user'], " + Bucket + "}}]}")]
    [InlineData("EG1505", "limit_keys: [], ipv6_prefix: 64, " + Bucket + "}")]
    [InlineData("EG1505", "limit_keys: [], enforcement: {percent: 100, by: 'ip:address'}, " + Bucket + "}")]
    [InlineData("EG1505", "limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: 1h, time_zone: Europe/Berlin, staged_actions: [{threshold_percent: 100, action: reject}]}")]
    [InlineData("EG1505", "limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: 1d, week_start: sunday, staged_actions: [{threshold_percent: 100, action: reject}]}")]
    [InlineData("EG1505", "limit_keys: [], shadow: {algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s, default_cost: 2}}, " + Bucket + "}")]
    [InlineData("EG1510", "limit_keys: [], algorithm: concurrency, algorithm_config: {limit: 5}")]
    [InlineData("EG1510", "limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: 1h, staged_actions: [{threshold_percent: 80, action: throttle, delay_ms: 100}, {threshold_percent: 100, action: reject}]}")]
    [InlineData("EG1511", "limit_keys: [], enforcement: {percent: 0, by: 'ip:address'}, " + Bucket + "}")]
    [InlineData("EG1512", "limit_keys: [], enforcement: {percent: 5, by: 'cookie:sid'}, " + Bucket + "}")]
    [InlineData("EG1513", "limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 500}")]
    [InlineData("EG1513", "limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 5000, max_tokens_per_request: 400, max_completion_tokens: 500}")]
    [InlineData("EG1514", "limit_keys: [], algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Bucket + "}}, {name: b, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 6}}]}")]
    public void Rule_ValidButDoubtful_IsReadWithAdvice(string code, string rule)
    {
        var result = Sample.Read(Sample.Native("{name: r, " + rule + "}"));

        Assert.True(result.Document is not null, string.Join("\n", result.Diagnostics));
        Assert.Contains(result.Diagnostics, d => d.Code == code && d.Severity < Severity.Error);
    }

    [Theory]
    [InlineData("limit_keys: ['ua:bot'], " + Bucket + "}", "")]
    [InlineData("limit_keys: ['ip:country'], " + Bucket + "}", "")]
    [InlineData("limit_keys: ['method', host, 'path:1'], " + Bucket + "}", "{methods: [GET], hosts: [a.example], pathExact: /a/b}")]
    [InlineData("limit_keys: [], algorithm: concurrency, algorithm_config: {limit: 5, max_hold: 30s}", "")]
    [InlineData("limit_keys: ['ip:address'], ipv6_prefix: 64, enforcement: {percent: 5, by: 'ip:address'}, " + Bucket + "}", "")]
    [InlineData("limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 500, burst_tokens: 5000}", "")]
    [InlineData("limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 500, max_completion_tokens: 200}", "")]
    [InlineData("limit_keys: [], algorithm: hierarchy, algorithm_config: {levels: [{name: a, limit_keys: [], " + Bucket + "}}, {name: b, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 0.5, burst: 6}}]}", "")]
    public void Rule_WithoutDoubt_GivesNoAdvice(string rule, string selector)
    {
        var result = Sample.Read(Sample.Native("{name: r, " + rule + "}", selector: selector.Length > 0 ? selector : "{pathPrefix: /v1/}"));

        Assert.Equal(["EG1508"], result.Diagnostics.Select(d => d.Code));
    }

    [Theory]
    [InlineData("EG1510", "{enabled: true, similarity: near}")]
    [InlineData("EG1505", "{enabled: true, similarity_percent: 80}")]
    [InlineData("EG1505", "{enabled: true, max_cycle_length: 2}")]
    public void LoopDetection_Doubtful_IsReadWithAdvice(string code, string loops) =>
        Assert.Equal(Severity.Hint, Sample.Single(Sample.Native(spec: "loop_detection: " + loops), code).Severity);

    [Theory]
    [InlineData("tiers: {by: 'jwt:plan', default: a, plans: {a: {burst: 9}}}")]
    [InlineData("enforcement: {percent: 50, by: 'ip:address'}")]
    [InlineData("ipv6_prefix: 64")]
    public void StricterRule_ThatIsNotForEveryone_DominatesNothing(string extra)
    {
        var context = new ValidationContext { JwtVerificationOff = true };
        var result = Sample.Read(
            "format: edgeguard/v1\npolicies: [{id: a, spec: {selector: {}, rules: [{name: r, limit_keys: ['ip:address'], " + extra + ", " + Bucket
            + "}}, {name: s, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 2, burst: 5}}]}}]",
            context);

        Assert.NotNull(result.Document);
        Assert.DoesNotContain(result.Diagnostics, d => d.Code == "EG1503");
    }

    [Theory]
    [InlineData("/v1/", true)]
    [InlineData("/v1", true)]
    [InlineData("/v1/a/", false)]
    [InlineData("/v", false)]
    public void ClientChosenKeys_UnderACeilingElsewhere_NeedNoAdvice(string ceiling, bool covered)
    {
        var result = Sample.Read($$$"""
            format: edgeguard/v1
            policies:
              - {id: a, spec: {selector: {pathPrefix: /v1/}, rules: [{name: r, limit_keys: ['header:x'], {{{Bucket}}}}}]}}
              - {id: b, spec: {selector: {pathPrefix: {{{ceiling}}}}, rules: [{name: r, limit_keys: [], {{{Bucket}}}}}]}}
            """);

        Assert.NotNull(result.Document);
        Assert.Equal(!covered, result.Diagnostics.Any(d => d.Code == "EG1502"));
    }
}
