using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class BindingFindingTests
{
    private const string Certificates = "client_certificates: {trust_file: /etc/ca.pem}\n";

    [Theory]
    [InlineData("EG1252", "kinds: [mtls], dpop_nonce: true", "dpop_nonce")]
    [InlineData("EG1252", "kinds: [fingerprint], dpop_max_age: 30s", "dpop_max_age")]
    [InlineData("EG1252", "kinds: [dpop], fingerprint_claim: f", "fingerprint_claim")]
    [InlineData("EG1252", "kinds: [dpop, mtls], fingerprint_header: x-d", "fingerprint_header")]
    [InlineData("EG1253", "kinds: [fingerprint], fingerprint_header: x-user", "fingerprint_header")]
    [InlineData("EG1253", "kinds: [fingerprint], fingerprint_header: X_User", "fingerprint_header")]
    [InlineData("EG1253", "kinds: [fingerprint], fingerprint_header: DPoP", "fingerprint_header")]
    public void Binding_ThatCannotHold_IsAnErrorAtItsPlace(string code, string binding, string field)
    {
        var finding = Sample.Single(Bundle(binding, Certificates), code);

        Assert.Equal((Severity.Error, "issuers[0].binding." + field), (finding.Severity, finding.Path));
    }

    [Fact]
    public void Binding_WithSeveralMistakes_IsToldAllOfThemAtOnce()
    {
        var codes = Sample.Read(Bundle("kinds: [fingerprint], dpop_nonce: true, dpop_max_age: 30s, fingerprint_header: x-user", Certificates)).Diagnostics
            .Where(finding => finding.Severity == Severity.Error)
            .Select(finding => finding.Code);

        Assert.Equal(["EG1252", "EG1252", "EG1253"], codes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kinds: [dpop], dpop_nonce: true, dpop_max_age: 30s")]
    [InlineData("kinds: [fingerprint], fingerprint_header: x-device, fingerprint_claim: f")]
    [InlineData("kinds: [fingerprint]")]
    [InlineData("kinds: [mtls]")]
    public void Binding_ThatCanHold_HasNoFinding(string binding) =>
        Assert.DoesNotContain(Sample.Read(Bundle(binding, Certificates)).Diagnostics, finding => finding.Code is "EG1252" or "EG1253" or "EG1254");

    [Fact]
    public void Binding_ToCertificatesWithoutAuthorities_IsAWarning() =>
        Assert.Equal(Severity.Warning, Sample.Single(Bundle("kinds: [mtls]", string.Empty), "EG1254").Severity);

    [Fact]
    public void Issuers_NamedWhereTokensAreNotAccepted_AreAnError()
    {
        var text = Sample.Native(
            spec: "identity: required\n      identity_options: {kinds: [api_key], issuers: [a]}",
            top: "api_keys: []\nissuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /k}]");

        Assert.Contains(
            Sample.Read(text).Diagnostics, finding => finding is { Severity: Severity.Error, Path: "policies[0].spec.identity_options.issuers" });
    }

    private static string Bundle(string binding, string more) => Sample.Native(
        spec: "identity_options: {forward_headers: {x-user: 'jwt:sub'}}",
        top: more + "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], jwks_file: /k, binding: {" + binding + "}}]");
}
