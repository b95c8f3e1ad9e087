using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Times of issuers that contradict each other (EG1250), and keys of theirs that cannot be used (EG1251).</summary>
public sealed class IssuerFindingTests
{
    private const string Url = "jwks_url: 'https://idp.example/keys', ";
    private const string Discovery = "discovery_url: 'https://idp.example/.well-known/openid-configuration', ";
    private const string Ed = """'{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'""";
    private const string SmallOrder = """'{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'""";
    private const string Private = """'{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs","d":"c2VjcmV0LXBhcnQtb2YtdGhlLWtleQ"}'""";

    [Theory]
    [InlineData(Url + "refresh: 5m, stale_if_error: 301s")]
    [InlineData(Url + "refresh: 5m, stale_if_error: 24h")]
    [InlineData(Url + "stale_if_error: 6m")]
    [InlineData(Discovery + "refresh: 23h")]
    [InlineData(Discovery + "refresh: 24h, stale_if_error: 48h")]
    [InlineData("jwks_file: /keys/a.json, stale_if_error: 1m")]
    [InlineData(Url + "max_age: 2h, max_lifetime: 2h")]
    [InlineData(Url + "max_age: 7230s, max_lifetime: 2h")]
    [InlineData(Url + "max_age: 7300s, max_lifetime: 2h, clock_skew: 100s")]
    [InlineData(Url + "max_age: 90d")]
    public void Times_ThatFit_GiveNoFinding(string fields) => Assert.DoesNotContain(Read(fields), finding => finding.Severity == Severity.Error);

    [Theory]
    [InlineData(Url + "refresh: 10m, stale_if_error: 1m", "stale_if_error")]
    [InlineData(Discovery + "refresh: 10m, stale_if_error: 599s", "stale_if_error")]
    [InlineData(Url + "stale_if_error: 299s", "stale_if_error")]
    [InlineData(Url + "stale_if_error: 300s", "stale_if_error")]
    [InlineData(Url + "refresh: 24h", "refresh")]
    [InlineData(Url + "max_age: 7231s, max_lifetime: 2h", "max_age")]
    [InlineData(Url + "max_age: 7201s, max_lifetime: 2h, clock_skew: 0s", "max_age")]
    [InlineData("jwks_file: /keys/a.json, max_age: 3h, max_lifetime: 2h", "max_age")]
    public void Times_ThatContradictEachOther_AreTold(string fields, string field)
    {
        var finding = Assert.Single(Read(fields), finding => finding.Severity == Severity.Error);

        Assert.Equal(("EG1250", $"issuers[0].{field}"), (finding.Code, finding.Path));
        Assert.True(finding.Location.Line > 0 && finding.Fix.Length > 0);
    }

    [Fact]
    public void Key_ThatFits_GivesNoFinding() => Assert.DoesNotContain(Read($"keys: [{{kid: a, public_key: {Ed}}}]", "EdDSA"), finding => finding.Severity == Severity.Error);

    [Theory]
    [InlineData("RS256", "keys: [{kid: a, public_key: " + Ed + "}]", "keys[0].public_key", "EdDSA only")]
    [InlineData("EdDSA", "keys: [{kid: a, public_key: " + Ed + "}, {kid: a, public_key: " + Ed + "}]", "keys[1].kid", "kid of two keys")]
    [InlineData("EdDSA", "keys: [{kid: a, public_key: ssh-ed25519 AAAA}]", "keys[0].public_key", "neither PEM nor a JWK")]
    [InlineData("EdDSA", "keys: [{kid: a, public_key: " + SmallOrder + "}]", "keys[0].public_key", "small order")]
    public void Key_ThatCannotBeUsed_IsTold(string algorithm, string fields, string path, string text)
    {
        var finding = Assert.Single(Read(fields, algorithm), finding => finding.Severity == Severity.Error);

        Assert.Equal(("EG1251", $"issuers[0].{path}"), (finding.Code, finding.Path));
        Assert.Contains(text, finding.Message, StringComparison.Ordinal);
    }

    // A secret in a bundle is that before it is anything else.
    [Theory]
    [InlineData("keys: [{kid: a, public_key: " + Private + "}]")]
    [InlineData("keys: [{kid: a, public_key: '{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}'}]")]
    public void Key_ThatIsASecret_IsToldAsOneWithoutItsText(string fields)
    {
        var finding = Assert.Single(Read(fields, "EdDSA"), finding => finding.Severity == Severity.Error);

        Assert.Equal(("EG1301", "issuers[0].keys[0].public_key"), (finding.Code, finding.Path));
        Assert.DoesNotContain("c2Vjcm", finding.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_OfSeveralIssuers_AreToldTogether()
    {
        var found = Sample.Read(Sample.Native(top: $"issuers: [{{id: a, issuer: a, audiences: [c], algorithms: [RS256], {Url}stale_if_error: 1s}}, {{id: b, issuer: b, audiences: [c], algorithms: [RS256], keys: [{{kid: a, public_key: {Ed}}}]}}]")).Diagnostics;

        Assert.Equal(
            [("EG1250", "issuers[0].stale_if_error"), ("EG1251", "issuers[1].keys[0].public_key")],
            found.Where(finding => finding.Severity == Severity.Error).Select(finding => (finding.Code, finding.Path)));
    }

    private static ImmutableArray<Diagnostic> Read(string fields, string algorithm = "RS256") =>
        Sample.Read(Sample.Native(top: $"issuers: [{{id: a, issuer: b, audiences: [c], algorithms: [{algorithm}], {fields}}}]")).Diagnostics;
}
