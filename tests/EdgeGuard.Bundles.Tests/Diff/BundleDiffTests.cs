using EdgeGuard.Bundles.Diff;
using EdgeGuard.Bundles.Tests.Validation;

namespace EdgeGuard.Bundles.Tests.Diff;

public sealed class BundleDiffTests
{
    [Theory]
    [InlineData("tokens_per_second: 6, burst: 10", "policies[api].rules[per-key].tokens_per_second: 5 -> 6 loosens")]
    [InlineData("tokens_per_second: 5, burst: 9", "policies[api].rules[per-key].burst: 10 -> 9 tightens")]
    [InlineData("tokens_per_second: 5, burst: 10, fixed_cost: 2", "policies[api].rules[per-key].fixed_cost: 1 -> 2 tightens")]
    public void Numbers_Changed_TellTheirEffect(string config, string expected) =>
        Assert.Equal([expected], Compare(Sample.Native("{name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {" + config + "}}")));

    [Fact]
    public void LimitKeys_Changed_ResetCounters() => Assert.Equal(
        ["policies[api].rules[per-key].limit_keys: [header:x-api-key] -> [query:k] resets counters"],
        Compare(Sample.Native("{name: per-key, limit_keys: ['query:k'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}}")));

    [Fact]
    public void Rule_Renamed_IsOneAddedAndOneRemoved() => Assert.Equal(
        [
            "policies[api].rules[other]:  -> 5 a second, burst 10, all together tightens",
            "policies[api].rules[per-key]: 5 a second, burst 10, by [header:x-api-key] ->  loosens",
        ],
        Compare(Sample.Native("{name: other, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}}")));

    [Fact]
    public void Mode_ToShadow_Loosens() =>
        Assert.Equal(["policies[api].mode: enforce -> shadow loosens"], Compare(Sample.Native(spec: "mode: shadow")));

    [Fact]
    public void Selector_Narrowed_Loosens() => Assert.Equal(
        ["policies[api].selector.methods:  -> GET loosens"], Compare(Sample.Native(selector: "{pathPrefix: /v1/, methods: [GET]}")));

    [Fact]
    public void KillSwitchesAndOverrides_Changed_TellTheirEffect() => Assert.Equal(
        [
            "kill_switches[k]:  -> header:x = 1 on /a tightens",
            "global_shadow:  -> on until 2030-01-01T00:00:00Z: trial loosens",
        ],
        Compare(Sample.Native(top: """
            kill_switches: [{id: k, scope_key: 'header:x', scope_value: '1', route: /a}]
            global_shadow: {enabled: true, reason: trial, expires_at: 2030-01-01T00:00:00Z}
            """)));

    [Theory]
    [InlineData("identity: required", "policies[api].identity: optional -> required tightens")]
    [InlineData("identity: none", "policies[api].identity: optional -> none loosens")]
    [InlineData("identity_options: {scopes: [read]}", "policies[api].identity_options.scopes:  -> read tightens")]
    [InlineData("identity_options: {issuers: [main]}", "policies[api].identity_options.issuers:  -> main tightens")]
    [InlineData("identity_options: {kinds: [jwt]}", "policies[api].identity_options.kinds:  -> jwt tightens")]
    [InlineData("identity_options: {forward_headers: {x-user: 'jwt:sub'} }", "policies[api].identity_options.forward_headers:  -> x-user: jwt:sub ")]
    public void Identity_Changed_TellsItsEffect(string spec, string expected)
    {
        const string Issuers = "issuers: [{id: main, issuer: 'https://login.example', audiences: [api], algorithms: [RS256], jwks_url: 'https://login.example/jwks'}]";
        var changes = BundleDiff.Compare(Sample.Valid(Sample.Native(top: Issuers)), Sample.Valid(Sample.Native(spec: spec, top: Issuers)));

        Assert.Equal([expected], changes.Select(c => $"{c.Path}: {c.Before} -> {c.After} {c.Effect}"));
    }

    [Fact]
    public void FirstBundle_AgainstNothing_IsAllAdded() =>
        Assert.All(BundleDiff.Compare(null, Sample.Valid(Sample.Native())), change => Assert.Equal("added", change.Kind));

    [Fact]
    public void Order_Changed_IsNoChange() => Assert.Empty(BundleDiff.Compare(
        Sample.Valid(Sample.Native(selector: "{hosts: [a.example, b.example]}")), Sample.Valid(Sample.Native(selector: "{hosts: [b.example, a.example]}"))));

    private static IEnumerable<string> Compare(string after) =>
        BundleDiff.Compare(Sample.Valid(Sample.Native()), Sample.Valid(after)).Select(c => $"{c.Path}: {c.Before} -> {c.After} {c.Effect}");
}
