using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class AgentFindingTests
{
    private const string Ed = """'{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'""";
    private const string Private = """'{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs","d":"AA"}'""";
    private const string Directory = "https://bot.example/.well-known/http-message-signatures-directory";

    [Theory]
    [InlineData("scheme: http_message_signature, algorithm: ed25519, public_key: " + Ed)]
    [InlineData("scheme: jws, algorithm: ed25519, public_key: " + Ed)]
    [InlineData("scheme: http_message_signature, algorithm: ed25519, key_directory: '" + Directory + "', required_components: ['@authority']")]
    [InlineData("scheme: hmac, algorithm: hmac-sha256, secret: '${env:A}'")]
    [InlineData("scheme: jws, algorithm: hmac-sha256, secret: '${env:A}'")]
    [InlineData("scheme: http_message_signature, algorithm: ed25519, public_key: " + Ed
        + ", required_components: ['@target-uri', content-digest, '@query-param;name=\"id\"', 'x-a;key=\"b\"']")]
    public void Agent_WellFormed_GivesNoFinding(string fields) => Assert.DoesNotContain(Read(fields), finding => finding.Severity == Severity.Error);

    [Theory]
    [InlineData("EG1260", "scheme: http_message_signature, algorithm: ed25519", "agents[0]")]
    [InlineData("EG1260", "scheme: http_message_signature, algorithm: ed25519, public_key: " + Ed + ", key_directory: '" + Directory + "'", "agents[0]")]
    [InlineData("EG1261", "scheme: hmac, algorithm: ed25519, public_key: " + Ed, "agents[0].algorithm")]
    [InlineData("EG1261", "scheme: jws, algorithm: hmac-sha256, public_key: " + Ed, "agents[0].algorithm")]
    [InlineData("EG1261", "scheme: jws, algorithm: ed25519, secret: '${env:A}'", "agents[0].algorithm")]
    [InlineData("EG1261", "scheme: jws, algorithm: ecdsa-p256-sha256, public_key: " + Ed, "agents[0].algorithm")]
    [InlineData("EG1262", "scheme: jws, algorithm: ed25519, required_components: ['@method'], public_key: " + Ed, "agents[0].required_components")]
    [InlineData("EG1262", "scheme: http_message_signature, algorithm: ed25519, required_components: ['@status'], public_key: " + Ed, "agents[0].required_components[0]")]
    [InlineData("EG1262", "scheme: http_message_signature, algorithm: ed25519, required_components: ['X-A'], public_key: " + Ed, "agents[0].required_components[0]")]
    [InlineData("EG1262", "scheme: http_message_signature, algorithm: ed25519, required_components: ['@query-param'], public_key: " + Ed, "agents[0].required_components[0]")]
    [InlineData("EG1263", "scheme: jws, algorithm: ed25519, public_key: nonsense", "agents[0].public_key")]
    [InlineData("EG1263", "scheme: jws, algorithm: ed25519, public_key: " + Private, "agents[0].public_key")]
    [InlineData("EG1264", "scheme: http_message_signature, algorithm: ed25519, key_directory: 'https://bot.example/keys'", "agents[0].key_directory")]
    [InlineData("EG1264", "scheme: jws, algorithm: ed25519, key_directory: '" + Directory + "'", "agents[0].key_directory")]
    [InlineData("EG1305", "scheme: hmac, algorithm: hmac-sha256, secret: plain", "agents[0].secret")]
    public void Agent_WithOneMistake_GivesItsCodeAtItsPath(string code, string fields, string path)
    {
        var finding = Assert.Single(Read(fields), finding => finding.Code == code);

        Assert.Equal((Severity.Error, path), (finding.Severity, finding.Path));
    }

    private static ImmutableArray<Diagnostic> Read(string fields) => Sample.Read(Sample.Native(top: $"agents: [{{id: a, {fields}}}]")).Diagnostics;
}
