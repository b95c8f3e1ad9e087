namespace EdgeGuard.Options.Tests.Binding;

public sealed class ListenerOptionTests
{
    [Theory]
    [InlineData("EG3027", "listen.proxy_tls", "--listen.proxy-tls", "0.0.0.0:8443")]
    [InlineData("EG3027", "listen.redirect", "--listen.redirect", "0.0.0.0:8080")]
    [InlineData("EG3027", "certificates.a.file", "--certificates.a.key-file", "a.key")]
    [InlineData("EG3028", "tls.client_certificates", "--tls.client-certificates", "required")]
    [InlineData("EG3028", "tls.client_trust_file", "--tls.client-trust-file", "ca.pem")]
    [InlineData("EG3028", "decision.client_trust_file", "--decision.client-trust-file", "ca.pem")]
    [InlineData("EG3029", "proxy_protocol.listeners", "--proxy-protocol.listeners", "proxy")]
    [InlineData("EG3029", "proxy_protocol.trusted", "--proxy-protocol.trusted", "10.0.0.0/8")]
    [InlineData("EG3029", "proxy_protocol.listeners", "--proxy-protocol.listeners", "proxy_tls", "--proxy-protocol.trusted", "10.0.0.0/8")]
    [InlineData("EG3030", "clusters.default.destinations", "--clusters.default.tls.server-name", "api.internal")]
    [InlineData("EG3030", "clusters.a.tls.certificate_file", "--clusters.a.destinations", "https://a", "--clusters.a.tls.certificate-file", "a.pem")]
    [InlineData("EG3004", "clusters.default.health.path", "--clusters.default.health.path", "healthz")]
    [InlineData("EG3004", "clusters.default.health.path", "--clusters.default.health.path", "/healthz?x=1")]
    [InlineData("EG3004", "clusters.a.tls.server_name", "--clusters.a.destinations", "https://a", "--clusters.a.tls.server-name", "a b")]
    [InlineData("EG3005", "clusters.default.retries", "--clusters.default.retries", "6")]
    [InlineData("EG3031", "vocabularies.gpt.models", "--vocabularies.gpt.file", "o200k.tiktoken")]
    [InlineData("EG3031", "vocabularies.gpt.file", "--vocabularies.gpt.models", "gpt-4o*,o3")]
    [InlineData("EG3004", "vocabularies.gpt.splits", "--vocabularies.gpt.file", "f", "--vocabularies.gpt.models", "o3", "--vocabularies.gpt.splits", "words")]
    [InlineData("EG3004", "clusters.default.balancing", "--clusters.default.balancing", "fastest")]
    public void Options_ThatContradict_AreRefused(string code, string path, params string[] flags)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithFlags(flags).LoadEdge().Diagnostics);

        Assert.Equal((code, path), (problem.Code, problem.Path));
    }

    [Fact]
    public void DecisionTls_BeyondLoopback_NeedsASecretOrAuthorities()
    {
        OptionsInput Listening() => OptionsInput.ValidEdge().WithFlags(
            "--listen.decision-tls", "0.0.0.0:8444", "--certificates.default.file", "a.pem", "--certificates.default.key-file", "a.key");

        Assert.Equal("EG3024", Assert.Single(Listening().LoadEdge().Diagnostics).Code);
        Assert.Empty(Listening().WithFlags("--decision.client-trust-file", "ca.pem").LoadEdge().Diagnostics);
        Assert.Empty(Listening().WithVariable("EDGEGUARD_DECISION__SHARED_SECRET", "s").LoadEdge().Diagnostics);
    }

    [Theory]
    [InlineData("environment")]
    [InlineData("file")]
    [InlineData("flag")]
    public void PasswordOfACertificate_IsReadFromItsFile(string source)
    {
        var input = OptionsInput.ValidEdge().WithFlags("--certificates.shop.file", "shop.pfx").WithFile("secret.txt", "hush\n");
        input = source switch
        {
            "environment" => input.WithVariable("EDGEGUARD_CERTIFICATES__SHOP__PASSWORD_FILE", "secret.txt"),
            "file" => input.WithFile("edgeguard.yaml", "certificates:\n  shop:\n    password_file: secret.txt\n"),
            _ => input.WithFlags("--certificates.shop.password-file", "secret.txt"),
        };

        var loaded = input.LoadEdge();

        Assert.Empty(loaded.Diagnostics);
        Assert.Equal(("shop.pfx", "hush"), (loaded.Options!.Certificates["shop"].File, loaded.Options!.Certificates["shop"].Password!.Reveal()));
        Assert.DoesNotContain(loaded.Effective, option => option.Shown.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void Proxy_OnlyOverTls_NeedsAnUpstreamToo()
    {
        var result = new OptionsInput().WithFlags(
            "--listen.proxy", "off", "--listen.proxy-tls", "127.0.0.1:0", "--certificates.default.file", "a.pem").LoadEdge();

        Assert.Equal("EG3022", Assert.Single(result.Diagnostics).Code);
    }
}
