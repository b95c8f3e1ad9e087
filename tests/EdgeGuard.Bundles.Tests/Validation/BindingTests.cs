using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class BindingTests
{
    [Fact]
    public void Rule_WithoutOptionalFields_GetsDocumentedDefaults()
    {
        var document = Sample.Valid(Sample.Native());

        var policy = Assert.Single(document.Policies);
        var rule = Assert.Single(policy.Rules);
        var bucket = Assert.IsType<TokenBucketDefinition>(rule.Algorithm);
        Assert.Equal(DocumentFormat.Native, document.Format);
        Assert.Equal(3, document.BundleVersion);
        Assert.Equal(PolicyMode.Enforce, policy.Mode);
        Assert.Equal("/v1/", policy.Selector.PathPrefix);
        Assert.Equal(OnMissing.Deny, rule.OnMissing);
        Assert.Equal(new DescriptorKey(DescriptorKind.Header, "x-api-key"), Assert.Single(rule.LimitKeys));
        Assert.Equal(CostSource.One, bucket.Cost);
        Assert.Equal((5, 10), (bucket.TokensPerSecond, bucket.Burst));
    }

    [Fact]
    public void BundleVersion_AbsentInNativeDraft_IsOneWithoutFinding()
    {
        var result = Sample.Read(Sample.Native().Replace("bundle_version: 3", string.Empty, StringComparison.Ordinal));

        Assert.Equal(1, result.Document?.BundleVersion);
        Assert.DoesNotContain(result.Diagnostics, d => d.Path.Contains("bundle_version", StringComparison.Ordinal));
    }

    [Fact]
    public void Rps_InPeerDocument_IsTheRefillRateAndMissingKeysAllow()
    {
        var document = Sample.Valid("""
            {"bundle_version": 7, "defaults": {}, "policies": [{"id": "p", "spec": {"selector": {"pathExact": "/a"},
             "rules": [{"name": "r", "limit_keys": ["header:X-Key"], "algorithm": "token_bucket", "algorithm_config": {"rps": 2.5, "burst": 5}}],
             "fallback_limit": {"limit_keys": [], "algorithm": "token_bucket", "algorithm_config": {"rps": 1, "burst": 2}}}}]}
            """);

        var policy = Assert.Single(document.Policies);
        Assert.Equal(DocumentFormat.Peer, document.Format);
        Assert.Equal(2.5, Assert.IsType<TokenBucketDefinition>(policy.Rules[0].Algorithm).TokensPerSecond);
        Assert.Equal(OnMissing.Allow, policy.Rules[0].OnMissing);
        Assert.Equal("x-key", policy.Rules[0].LimitKeys[0].Name);
        Assert.Equal("fallback", policy.FallbackLimit?.Name);
    }

    [Fact]
    public void KillSwitches_WithoutId_GetFreeNumberedIds()
    {
        var document = Sample.Valid(Sample.Native(top: """
            kill_switches:
              - {scope_key: 'jwt:sub', scope_value: mallory}
              - {id: kill-1, scope_key: 'header:X-Tenant', scope_value: '7', route: /v1/x, reason: leak, expires_at: 2027-01-01T00:00:00Z, status: 403}
            """));

        Assert.Equal(["kill-2", "kill-1"], document.KillSwitches.Select(k => k.Id));
        Assert.Equal([429, 403], document.KillSwitches.Select(k => k.Status));
        Assert.Equal("header:x-tenant", document.KillSwitches[1].ScopeKey.ToString());
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), document.KillSwitches[1].ExpiresAt);
    }

    [Fact]
    public void Tests_InBundle_BindWithVirtualTimeAndDefaults()
    {
        var document = Sample.Valid(Sample.Native(top: """
            tests:
              - name: burst
                steps:
                  - {times: 10, request: {path: /v1/x, headers: {x-api-key: a}}, expect: {verdict: allow}}
                  - {after: 1500ms, request: {method: POST, path: '/v1/x?a=1', claims: {sub: u, age: 7}, ip: 192.0.2.9}, expect: {verdict: reject, reason: token_bucket_exceeded, retry_after: 1}}
            """));

        var test = Assert.Single(document.Tests);
        Assert.Equal(10, test.Steps[0].Times);
        Assert.Equal("GET", test.Steps[0].Request.Method);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), test.Steps[1].After);
        Assert.Equal(KeyValuePair.Create("age", "7"), test.Steps[1].Request.Claims[1]);
        Assert.Equal("token_bucket_exceeded", test.Steps[1].Expect.Reason);
    }
}
