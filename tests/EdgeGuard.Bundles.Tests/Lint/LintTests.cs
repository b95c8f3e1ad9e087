using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Tests.Validation;

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
    public void Document_ValidButDoubtful_IsReadWithAdvice(string code, string text)
    {
        var result = Sample.Read(text);

        Assert.NotNull(result.Document);
        Assert.Contains(result.Diagnostics, d => d.Code == code && d.Severity < Severity.Error);
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
