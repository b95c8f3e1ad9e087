using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class DoorFindingTests
{
    [Theory]
    [InlineData("strict_transport_security: includeSubDomains")]
    [InlineData("strict_transport_security: max-age=x")]
    [InlineData("strict_transport_security: max-age=1; max-age=2")]
    [InlineData("strict_transport_security: max-age=300; includeSubDomains; preload")]
    [InlineData("strict_transport_security: max-age=31536000; preload")]
    [InlineData("content_type_options: sniff")]
    [InlineData("frame_options: ALLOW-FROM https://a.example")]
    [InlineData("referrer_policy: never")]
    public void SecurityHeader_WithoutEffect_IsAnErrorAtItsPlace(string header)
    {
        var field = header[..header.IndexOf(':', StringComparison.Ordinal)];
        var bundle = Sample.Single(Sample.Native(top: $"security_headers: {{{header}}}"), "EG1270");
        var policy = Sample.Single(Sample.Native(spec: $"security_headers: {{{header}}}"), "EG1270");

        Assert.Equal((Severity.Error, "security_headers." + field), (bundle.Severity, bundle.Path));
        Assert.Equal("policies[0].spec.security_headers." + field, policy.Path);
    }

    [Theory]
    [InlineData("strict_transport_security: max-age=31536000; includeSubDomains; preload")]
    [InlineData("strict_transport_security: ''")]
    [InlineData("content_type_options: ''")]
    [InlineData("frame_options: SAMEORIGIN")]
    [InlineData("referrer_policy: 'no-referrer, strict-origin-when-cross-origin'")]
    [InlineData("content_security_policy: \"default-src 'self'; img-src *\"")]
    public void SecurityHeader_WithEffect_IsAccepted(string header) => Sample.Valid(Sample.Native(top: $"security_headers: {{{header}}}"));

    [Theory]
    [InlineData("EG1271", "allowed_origins: ['https://a.example:443']", "allowed_origins[0]")]
    [InlineData("EG1271", "allowed_origins: ['https://a.example', 'http://a.example:80']", "allowed_origins[1]")]
    [InlineData("EG1272", "allowed_origins: ['*'], allow_credentials: true", "allow_credentials")]
    [InlineData("EG1272", "allowed_origins: ['https://a.example', '*']", "allowed_origins[1]")]
    [InlineData("EG1272", "allowed_origins: ['https://a.example', 'https://a.example']", "allowed_origins[1]")]
    [InlineData("EG1272", "allowed_origins: ['https://a.example'], allowed_methods: [GET, TRACE]", "allowed_methods[1]")]
    public void Cors_ThatCannotHold_IsAnErrorAtItsPlace(string code, string cors, string field)
    {
        var finding = Sample.Single(Sample.Native(spec: $"cors: {{{cors}}}"), code);

        Assert.Equal((Severity.Error, "policies[0].spec.cors." + field), (finding.Severity, finding.Path));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://A.example")]
    [InlineData("https://a.example/")]
    [InlineData("https://*.example")]
    [InlineData("https://a.example/path")]
    [InlineData("https://user@a.example")]
    [InlineData("a.example")]
    [InlineData("https://a.example:080")]
    public void Cors_OriginThatNoBrowserSends_IsRefused(string origin)
    {
        var result = Sample.Read(Sample.Native(spec: $"cors: {{allowed_origins: ['{origin}']}}"));

        Assert.Null(result.Document);
        Assert.Contains(result.Diagnostics, finding => finding.Path == "policies[0].spec.cors.allowed_origins[0]");
    }

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("http://localhost:5173")]
    [InlineData("http://[::1]:8080")]
    [InlineData("chrome-extension://abcdefgh")]
    [InlineData("*")]
    public void Cors_Origin_IsAccepted(string origin) =>
        Assert.Equal([origin], Sample.Valid(Sample.Native(spec: $"cors: {{allowed_origins: ['{origin}']}}")).Policies[0].Cors!.AllowedOrigins);

    [Fact]
    public void Probes_OfOneName_AreAnError()
    {
        const string Probe = "{name: a, request: {path: /}, expect: allow}";

        Assert.Equal("probes[1].name", Sample.Single(Sample.Native(top: $"probes: [{Probe}, {Probe}]"), "EG1225").Path);
    }

    [Fact]
    public void Doors_WithSeveralMistakes_AreToldAllAtOnce()
    {
        var codes = Sample.Read(Sample.Native(
                top: "security_headers: {frame_options: x, content_type_options: y}",
                spec: "cors: {allowed_origins: ['*', 'https://a.example:443'], allow_credentials: true}"))
            .Diagnostics.Where(finding => finding.Severity == Severity.Error)
            .Select(finding => finding.Code);

        Assert.Equal(["EG1270", "EG1270", "EG1271", "EG1272", "EG1272"], codes.Order(StringComparer.Ordinal));
    }
}
