using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>What the peer documents loads unmodified, and decides as documented there.</summary>
public sealed class PeerDialectTests
{
    private const string Everything = """
        {"bundle_version": 12, "issued_at": "2026-01-01T00:00:00Z", "expires_at": "2030-01-01T00:00:00Z", "defaults": {"a": 1}, "jwt_keys": [],
         "kill_switches": [{"scope_key": "ua:bot", "scope_value": "true", "route": "/a"}, {"scope_key": "ip:tor", "scope_value": "true", "reason": "x", "expires_at": "2020-01-01T00:00:00Z"},
          {"scope_key": "ip:address", "scope_value": "192.0.2.9"}, {"scope_key": "ua:bot_category", "scope_value": "ai"}],
         "policies": [{"id": "p", "spec": {"selector": {"hosts": ["A.example"], "pathPrefix": "/v1/", "methods": ["POST"]}, "mode": "shadow",
          "loop_detection": {"enabled": true, "window_seconds": 30, "threshold_identical_requests": 4, "action": "throttle", "similarity": "exact"},
          "circuit_breaker": {"enabled": true, "spend_rate_threshold_per_minute": 100, "action": "reject", "alert": true},
          "rules": [
           {"name": "budget", "limit_keys": ["ip:country", "ip:asn", "ip:type"], "match": {"ip:tor": "false"}, "algorithm": "cost_based", "algorithm_config": {"budget": 10, "period": "7d", "cost_key": "header:X-Cost",
            "default_cost": 0.5, "staged_actions": [{"threshold_percent": 100, "action": "reject"}, {"threshold_percent": 0, "action": "warn"}, {"threshold_percent": 90, "action": "throttle", "delay_ms": 60000}]}},
           {"name": "tokens", "limit_keys": ["query:user"], "algorithm": "token_bucket_llm", "algorithm_config": {"tokens_per_minute": 60000, "tokens_per_day": 1000, "max_prompt_tokens": 10,
            "max_tokens_per_request": 5, "token_source": {"estimator": "header_hint"}}}],
          "fallback_limit": {"limit_keys": [], "algorithm": "token_bucket", "algorithm_config": {"rps": 2, "burst": 2, "fixed_cost": 5}}}}]}
        """;

    [Fact]
    public void Bundle_OfEverythingDocumented_LoadsWithWarningsOnly()
    {
        var result = Sample.Read(Everything);

        Assert.True(result.Document is not null, string.Join("\n", result.Diagnostics));
        Assert.DoesNotContain(result.Diagnostics, d => d.Severity == Severity.Error);
    }

    [Fact]
    public void Bundle_OfEverythingDocumented_HasTheDocumentedDefaults()
    {
        var policy = Sample.Valid(Everything).Policies[0];

        var budget = Assert.IsType<CostBasedDefinition>(policy.Rules[0].Algorithm);
        Assert.Equal([0, 90, 100], budget.Actions.Select(action => action.ThresholdPercent));
        Assert.Equal(30_000, budget.Actions[1].DelayMilliseconds);
        Assert.Equal(new CostSource(new DescriptorKey(DescriptorKind.Header, "x-cost"), 1, 0.5, 0.5), budget.Cost);
        Assert.Equal(60_000, Assert.IsType<TokenBucketLlmDefinition>(policy.Rules[1].Algorithm).BurstTokens);
        Assert.Equal(OnMissing.Allow, policy.Rules[0].OnMissing);
        Assert.Equal(TimeSpan.Zero, policy.CircuitBreaker!.AutoReset);
        Assert.Equal(LoopAction.Throttle, policy.LoopDetection!.Action);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{enabled: false, window_seconds: 0, action: dance}")]
    [InlineData("{window_seconds: 60}")]
    public void Protection_NotEnabled_IsNotLookedInto(string block)
    {
        var text = $"bundle_version: 1\npolicies: [{{id: p, spec: {{selector: {{}}, rules: [], loop_detection: {block}, circuit_breaker: {block}}}}}]";
        var policy = Sample.Valid(text).Policies[0];

        Assert.Null(policy.LoopDetection);
        Assert.Null(policy.CircuitBreaker);
        Assert.Null(Sample.Read("format: edgeguard/v1\n" + text.Replace("{}, circuit", "{enabled: false, x: 1}, circuit", StringComparison.Ordinal)).Document);
    }

    [Fact]
    public void Secret_InAProtectionThatIsOff_IsStillFound() => Sample.Single(
        "bundle_version: 1\npolicies: [{id: p, spec: {selector: {}, rules: [], loop_detection: {enabled: false, note: 'ghp_0123456789abcdefghijABCDEFGHIJ012345'}}}]", "EG1301");

    [Theory]
    [InlineData("loop_detection: {enabled: true, window_seconds: 100000}", "window_seconds")]
    [InlineData("loop_detection: {enabled: true, threshold_identical_requests: 20000}", "threshold_identical_requests")]
    [InlineData("circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 1, auto_reset_after_minutes: 20000}", "auto_reset_after_minutes")]
    public void Number_AboveOurs_IsCutWithAWarning(string spec, string field)
    {
        var finding = Sample.Single($"bundle_version: 1\npolicies: [{{id: p, spec: {{selector: {{}}, rules: [], {spec}}}}}]", "EG1605");

        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.EndsWith("." + field, finding.Path, StringComparison.Ordinal);
        Sample.Single(Sample.Native(spec: spec), "EG1104");
    }

    [Fact]
    public void Numbers_Cut_AreWhatIsInForce()
    {
        var policy = Sample.Valid("""
            bundle_version: 1
            policies: [{id: p, spec: {selector: {}, rules: [],
              loop_detection: {enabled: true, window_seconds: 100000, threshold_identical_requests: 20000},
              circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 1, auto_reset_after_minutes: 20000}}}]
            """).Policies[0];

        Assert.Equal((86_400, 10_000), (policy.LoopDetection!.WindowSeconds, policy.LoopDetection.Threshold));
        Assert.Equal(TimeSpan.FromDays(7), policy.CircuitBreaker!.AutoReset);
    }
}
