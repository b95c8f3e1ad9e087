using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>One case a code: what a user writes, and the finding with its path.</summary>
public sealed class FindingTests
{
    private const string Algorithm = "algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}";

    [Theory]
    [InlineData("EG1101", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10, brust: 1}}", "policies[0].spec.rules[0].algorithm_config.brust")]
    [InlineData("EG1102", "{name: r, algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}}", "policies[0].spec.rules[0].limit_keys")]
    [InlineData("EG1103", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: '5', burst: 10}}", "policies[0].spec.rules[0].algorithm_config.tokens_per_second")]
    [InlineData("EG1104", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: -1}}", "policies[0].spec.rules[0].algorithm_config.burst")]
    [InlineData("EG1105", "{name: '?', limit_keys: [], " + Algorithm + "}", "policies[0].spec.rules[0].name")]
    [InlineData("EG1106", "{name: r, limit_keys: [], on_missing: ignore, " + Algorithm + "}", "policies[0].spec.rules[0].on_missing")]
    [InlineData("EG1107", "{name: r, limit_keys: ['header:a','header:b','header:c','header:d','header:e','header:f','header:g','header:h','header:i'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys")]
    [InlineData("EG1108", "{name: '', limit_keys: [], " + Algorithm + "}", "policies[0].spec.rules[0].name")]
    [InlineData("EG1292", "{name: r, limit_keys: ['llm:model'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys[0]")]
    [InlineData("EG1112", "{name: r, limit_keys: ['headers:x'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys[0]")]
    [InlineData("EG1113", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, rps: 5, burst: 10}}", "policies[0].spec.rules[0].algorithm_config.rps")]
    [InlineData("EG1114", "{name: r, limit_keys: ['query:a', 'query:a'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys[1]")]
    [InlineData("EG1203", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 50, burst: 10}}", "policies[0].spec.rules[0].algorithm_config.burst")]
    [InlineData("EG1204", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10, fixed_cost: 11}}", "policies[0].spec.rules[0].algorithm_config.burst")]
    [InlineData("EG1205", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10, cost_source: 'header:x-cost', min_cost: 2}}", "policies[0].spec.rules[0].algorithm_config.default_cost")]
    [InlineData("EG1206", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10, cost_source: 'query:cost'}}", "policies[0].spec.rules[0].algorithm_config.min_cost")]
    [InlineData("EG1207", "{name: r, limit_keys: ['jwt:sub'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys[0]")]
    [InlineData("EG1207", "{name: r, limit_keys: [], match: {'jwt:plan': free}, " + Algorithm + "}", "policies[0].spec.rules[0].match")]
    [InlineData("EG1218", "{name: r, limit_keys: ['header:X-A', 'header:x-a'], " + Algorithm + "}", "policies[0].spec.rules[0].limit_keys[1]")]
    [InlineData("EG1219", "{name: r, limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: 1h, staged_actions: [{threshold_percent: 80, action: warn}]}}", "policies[0].spec.rules[0].algorithm_config.staged_actions")]
    [InlineData("EG1220", "{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.000001, burst: 1000000}}", "policies[0].spec.rules[0].algorithm_config.burst")]
    [InlineData("EG1221", "{name: r, limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 100, burst_tokens: 50}}", "policies[0].spec.rules[0].algorithm_config.burst_tokens")]
    [InlineData("EG1222", "{name: r, limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 5, period: custom, staged_actions: [{threshold_percent: 100, action: reject}]}}", "policies[0].spec.rules[0].algorithm_config.window")]
    [InlineData("EG1224", "{name: r, limit_keys: [], tiers: {by: 'header:x-plan', default: fre, plans: {free: {burst: 10}}}, " + Algorithm + "}", "policies[0].spec.rules[0].tiers.default")]
    public void Rule_WithOneMistake_GivesItsCodeAtItsPath(string code, string rule, string path)
    {
        var finding = Sample.Single(Sample.Native(rule), code);

        Assert.Equal((Severity.Error, path), (finding.Severity, finding.Path));
        Assert.True(finding.Location.Line > 0);
        Assert.NotEmpty(finding.Fix);
    }

    [Theory]
    [InlineData("EG1105", "{hosts: ['*.example.com']}", "policies[0].spec.selector.hosts[0]")]
    [InlineData("EG1105", "{methods: [get]}", "policies[0].spec.selector.methods[0]")]
    [InlineData("EG1107", "{methods: []}", "policies[0].spec.selector.methods")]
    [InlineData("EG1216", "{pathExact: '/a?b=1'}", "policies[0].spec.selector.pathExact")]
    [InlineData("EG1216", "{pathPrefix: '/a/../b'}", "policies[0].spec.selector.pathPrefix")]
    [InlineData("EG1216", "{path_prefix: '/a%20b'}", "policies[0].spec.selector.pathPrefix")]
    [InlineData("EG1217", "{pathExact: /a, pathPrefix: /b}", "policies[0].spec.selector")]
    [InlineData("EG1226", "{hosts: [a.example, A.example]}", "policies[0].spec.selector.hosts[1]")]
    [InlineData("EG1226", "{hosts: ['[::zz]', '[1:2]']}", "policies[0].spec.selector.hosts[1]")]
    public void Selector_WithOneMistake_GivesItsCodeAtItsPath(string code, string selector, string path)
    {
        var finding = Sample.Read(Sample.Native(selector: selector)).Diagnostics.Single(d => d.Code == code && d.Path == path);

        Assert.Equal(Severity.Error, finding.Severity);
    }

    [Theory]
    [InlineData("EG1111", "expires_at: 2026-02-30T00:00:00Z", "expires_at")]
    [InlineData("EG1215", "{issued_at: 2026-06-01T00:00:00Z, expires_at: 2026-01-01T00:00:00Z}", "expires_at")]
    [InlineData("EG1211", "global_shadow: {enabled: true, reason: x}", "global_shadow.expires_at")]
    [InlineData("EG1210", "kill_switches: [{id: a, scope_key: 'header:x', scope_value: '1'}, {id: a, scope_key: 'header:x', scope_value: '2'}]", "kill_switches[1].id")]
    [InlineData("EG1216", "kill_switches: [{scope_key: 'header:x', scope_value: '1', route: '/a?b'}]", "kill_switches[0].route")]
    [InlineData("EG1106", "kill_switches: [{scope_key: 'header:x', scope_value: '1', status: 404}]", "kill_switches[0].status")]
    [InlineData("EG1213", "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256]}]", "issuers[0]")]
    [InlineData("EG1106", "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [HS256], jwks_file: /k}]", "issuers[0].algorithms[0]")]
    [InlineData("EG1110", "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /k, refresh: 5 minutes}]", "issuers[0].refresh")]
    [InlineData("EG1212", "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /k}, {id: d, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /k}]", "issuers[1].issuer")]
    [InlineData("EG1225", "webhooks: [{id: a, scheme: github, secrets: ['${env:A}']}, {id: a, scheme: github, secrets: ['${env:A}']}]", "webhooks[1].id")]
    [InlineData("EG1280", "webhooks: [{id: a, scheme: github, secrets: ['${env:A}']}]\ntests: [{name: t, steps: [{request: {webhook: b}, expect: {verdict: allow}}]}]", "tests[0].steps[0].request.webhook")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signed_content: '{body}'}]", "webhooks[0]")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s}]", "webhooks[0]")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{timestamp}.{body}'}]", "webhooks[0]")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{body}', timestamp_header: x-t}]", "webhooks[0].timestamp_header")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{body}', delivery_id_header: x-i}]", "webhooks[0].delivery_id_header")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: github, secrets: ['${env:A}'], delivery_id_header: x-github-delivery}]", "webhooks[0].delivery_id_header")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: stripe, secrets: ['${env:A}'], timestamp_header: x-t}]", "webhooks[0].timestamp_header")]
    [InlineData("EG1281", "webhooks: [{id: a, scheme: slack, secrets: ['${env:A}'], encoding: hex}]", "webhooks[0].encoding")]
    [InlineData("EG1282", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{id}{body}', delivery_id_header: x-i}]", "webhooks[0].signed_content")]
    [InlineData("EG1282", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{body}.{body}'}]", "webhooks[0].signed_content")]
    [InlineData("EG1282", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: 'a'}]", "webhooks[0].signed_content")]
    [InlineData("EG1282", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{url}.{body}'}]", "webhooks[0].signed_content")]
    [InlineData("EG1282", "webhooks: [{id: a, scheme: generic, secrets: ['${env:A}'], signature_header: x-s, signed_content: '{body}.{'}]", "webhooks[0].signed_content")]
    [InlineData("EG1283", "webhooks: [{id: invalid, scheme: github, secrets: ['${env:A}']}]", "webhooks[0].id")]
    [InlineData("EG1402", "tests: [{name: a, steps: [{request: {}, expect: {verdict: reject, policy: apis}}]}]", "tests[0].steps[0].expect.policy")]
    [InlineData("EG1403", "tests: [{name: a, steps: [{request: {}, expect: {verdict: reject, policy: api, rule: per-kex}}]}]", "tests[0].steps[0].expect.rule")]
    [InlineData("EG1404", "tests: [{name: a, steps: [{request: {}, expect: {verdict: allow, reason: kill_switch}}]}]", "tests[0].steps[0].expect.reason")]
    [InlineData("EG1406", "tests: [{name: a, steps: [{request: {ip: 192.0.2.300}, expect: {verdict: allow}}]}]", "tests[0].steps[0].request.ip")]
    [InlineData("EG1407", "tests: [{name: a, steps: [{request: {}, expect: {verdict: allow}}]}, {name: a, steps: [{request: {}, expect: {verdict: allow}}]}]", "tests[1].name")]
    public void Document_WithOneMistake_GivesItsCodeAtItsPath(string code, string top, string path)
    {
        var text = Sample.Native(top: top.StartsWith('{') ? top.Trim('{', '}').Replace(", ", "\n", StringComparison.Ordinal) : top);

        var finding = Sample.Single(text, code);

        Assert.Equal((Severity.Error, path), (finding.Severity, finding.Path));
    }

    [Fact]
    public void Document_WithManyMistakes_GivesThemAllInDocumentOrder()
    {
        var result = Sample.Read("""
            format: edgeguard/v1
            bundle_version: 0
            policys: []
            policies:
              - id: a
                spec: {selector: {pathExact: a}, mode: shadov, rules: 7}
              - id: a
                spec: {}
            """);

        Assert.Null(result.Document);
        Assert.Equal(
            ["EG1104", "EG1101", "EG1105", "EG1106", "EG1103", "EG1201", "EG1102", "EG1102"],
            result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
        Assert.Contains(result.Diagnostics, d => d.Fix == "did you mean policies?");
        Assert.Contains(result.Diagnostics, d => d.Message.Contains("shadov", StringComparison.Ordinal) && d.Fix.Contains("did you mean shadow?", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownField_ThatBelongsElsewhere_IsSentThere()
    {
        var finding = Sample.Single(Sample.Native("{name: r, limit_keys: [], threshold_percent: 5, algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}"), "EG1101");

        Assert.Equal("threshold_percent is a field of staged_action: move it there", finding.Fix);
    }

    [Fact]
    public void Fuse_ThatIsDisabled_IsNone() => Assert.Null(Sample.Valid(Sample.Native(top: "fuse: {enabled: false, window: 60s}")).Fuse);

    [Fact]
    public void Fuse_IsBoundWithItsDefaults()
    {
        var fuse = Sample.Valid(Sample.Native(top: "fuse: {enabled: true, window: 2m}")).Fuse!;

        Assert.Equal((TimeSpan.FromMinutes(2), 20.0, 100L), (fuse.Window, fuse.MaxIncreasePercent, fuse.MinRequests));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("format: edgeguard/v2\npolicies: []")]
    [InlineData("format: null\npolicies: []")]
    [InlineData("policies: [null, 7, {id: {}, spec: []}, {spec: {selector: 1, rules: [1, {algorithm: {}, algorithm_config: 4, match: 3, limit_keys: [[]]}], fallback_limit: x}}]\nformat: edgeguard/v1\ntests: [3, {steps: [1, {expect: 4, request: 2}]}]\nissuers: [5]\nkill_switches: [1]\nglobal_shadow: 1")]
    public void Document_OfTheWrongShape_IsRefusedWithoutThrowing(string text)
    {
        var result = Sample.Read(text);

        Assert.Null(result.Document);
        Assert.Contains(result.Diagnostics, d => d.Severity == Severity.Error);
    }

    [Fact]
    public void Findings_PastTheBound_AreCountedAndErrorsStay()
    {
        var text = Sample.Native() + string.Concat(Enumerable.Range(0, 1500).Select(i => $"\nunknown_{i}: 1"));

        var result = Sample.Read(text);

        Assert.Null(result.Document);
        Assert.Equal(Findings.MaxErrors, result.Diagnostics.Count(d => d.Code == "EG1101"));
        Assert.Contains("500 more", result.Diagnostics.Single(d => d.Code == "EG1199").Message, StringComparison.Ordinal);
    }
}
