using EdgeGuard.Bundles.Diff;
using EdgeGuard.Bundles.Tests.Validation;

namespace EdgeGuard.Bundles.Tests.Diff;

/// <summary>Changes of who may call: each is told with what it does.</summary>
public sealed class IdentityDiffTests
{
    [Theory]
    [InlineData("binding: {kinds: [dpop]}", "binding:  -> dpop tightens")]
    [InlineData("discovery_url: https://a.example/c", "discovery_url:  -> https://a.example/c ")]
    [InlineData("required_claims: {email_verified: true}", "required_claims:  -> email_verified=true tightens")]
    [InlineData("max_age: 1h", "max_age:  -> 1h tightens")]
    [InlineData("max_lifetime: 2h", "max_lifetime:  -> 2h tightens")]
    [InlineData("scope_claim: scp", "scope_claim: scope -> scp ")]
    [InlineData("max_token_bytes: 2048", "max_token_bytes: 8192 -> 2048 tightens")]
    public void Issuer_FieldAdded_IsTold(string field, string expected)
    {
        var source = field.StartsWith("discovery", StringComparison.Ordinal) ? "" : "jwks_file: /k, ";
        var changes = Compare(Issuer("jwks_file: /k"), Issuer(source + field));

        Assert.Contains("issuers[a]." + expected, changes);
    }

    [Theory]
    [InlineData("kinds: [dpop]", "kinds: [dpop, mtls]", "kinds: dpop -> dpop, mtls loosens")]
    [InlineData("kinds: [dpop, mtls]", "kinds: [mtls]", "kinds: dpop, mtls -> mtls tightens")]
    [InlineData("kinds: [dpop]", "kinds: [dpop], required: false", "required: true -> false loosens")]
    [InlineData("kinds: [dpop]", "kinds: [dpop], dpop_nonce: true", "dpop_nonce: false -> true tightens")]
    [InlineData("kinds: [dpop]", "kinds: [dpop], dpop_max_age: 30s", "dpop_max_age: 1m -> 30s tightens")]
    [InlineData("kinds: [fingerprint]", "kinds: [fingerprint], fingerprint_header: x-d", "fingerprint_header: x-device-fingerprint -> x-d ")]
    public void Binding_Changed_TellsItsEffect(string before, string after, string expected) => Assert.Equal(
        ["issuers[a].binding." + expected],
        Compare(Issuer("jwks_file: /k, binding: {" + before + "}"), Issuer("jwks_file: /k, binding: {" + after + "}")));

    [Theory]
    [InlineData("", "client_certificates: {trust_file: /a.pem}", "client_certificates:  -> /a.pem loosens")]
    [InlineData("client_certificates: {trust_file: /a.pem}", "", "client_certificates: /a.pem ->  tightens")]
    [InlineData("client_certificates: {trust_file: /a.pem}", "client_certificates: {trust_file: /b.pem}", "client_certificates.trust_file: /a.pem -> /b.pem ")]
    [InlineData(
        "client_certificates: {trust_file: /a.pem}",
        "client_certificates: {trust_file: /a.pem, spiffe_domains: [prod.example]}",
        "client_certificates.spiffe_domains:  -> prod.example tightens")]
    [InlineData(
        "client_certificates: {trust_file: /a.pem, subjects: ['CN=a', 'CN=b']}",
        "client_certificates: {trust_file: /a.pem, subjects: ['CN=b']}",
        "client_certificates.subjects: CN=a, CN=b -> CN=b tightens")]
    public void Certificates_Changed_TellTheirEffect(string before, string after, string expected) => Assert.Equal([expected], Compare(before, after));

    [Theory]
    [InlineData("secrets: ['${env:A}', '${env:B}']", "secrets: ${env:A} -> ${env:A}, ${env:B} loosens")]
    [InlineData("secrets: ['${env:A}'], tolerance: 10m", "tolerance: 5m -> 10m loosens")]
    [InlineData("secrets: ['${env:A}'], replay_window: 1h", "replay_window: 1d -> 1h loosens")]
    [InlineData("secrets: ['${env:A}'], max_body_bytes: 2097152", "max_body_bytes: 1048576 -> 2097152 loosens")]
    public void Webhook_Changed_TellsItsEffect(string fields, string expected) => Assert.Equal(
        ["webhooks[w]." + expected],
        Compare("webhooks: [{id: w, scheme: stripe, secrets: ['${env:A}']}]", "webhooks: [{id: w, scheme: stripe, " + fields + "}]"));

    [Fact]
    public void Webhook_ComesAndGoes_IsTold()
    {
        Assert.Equal(["webhooks[w]:  -> Slack "], Compare("", "webhooks: [{id: w, scheme: slack, secrets: ['${env:A}']}]"));
        Assert.Equal(["webhooks[w]: Slack ->  "], Compare("webhooks: [{id: w, scheme: slack, secrets: ['${env:A}']}]", ""));
    }

    [Fact]
    public void ApiKey_Changed_TellsItsEffect()
    {
        const string Key = "id: k, kind: secret, sha256: 3f1c0a4d9b7e5f2a8c6d1e0b4a7f9c2d5e8b1a4c7f0d3e6b9a2c5f8e1d4b7a0c, organization: acme";

        Assert.Equal(
            ["api_keys[k].plan:  -> gold ", "api_keys[k].scopes:  -> read loosens", "api_keys[k].expires_at:  -> 2030-01-01T00:00:00Z tightens"],
            Compare("api_keys: [{" + Key + "}]", "api_keys: [{" + Key + ", plan: gold, scopes: [read], expires_at: 2030-01-01T00:00:00Z}]"));
    }

    private static string Issuer(string fields) => "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], " + fields + "}]";

    private static List<string> Compare(string before, string after) =>
    [
        .. BundleDiff.Compare(Sample.Valid(Sample.Native(top: before)), Sample.Valid(Sample.Native(top: after)))
            .Select(change => $"{change.Path}: {change.Before} -> {change.After} {change.Effect}"),
    ];
}
