using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Tls;

/// <summary>Tokens that are bound to a client certificate (RFC 8705 section 3), on the edge's own listener: the certificate is that of the handshake.</summary>
public sealed class BoundToCertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly TestCertificates _strangers = new();
    private readonly TestKey _key = TestKey.CreateEc("k1");

    [Theory]
    [InlineData("1.1", false)]
    [InlineData("2.0", false)]
    [InlineData("1.1", true)]
    [InlineData("2.0", true)]
    public async Task Token_BoundToACertificate_PassesOnItsConnectionsAlone(string version, bool ofNoAuthority)
    {
        await using var edge = await StartAsync();
        var address = edge.Address(DoorTag.ProxyTls);

        // Whose certificates nobody has signed are as good here: the token names the one that counts (section 2.2).
        using var own = (ofNoAuthority ? _strangers : _certificates).IssueClient("CN=app");
        using var other = _certificates.IssueClient("CN=app");
        using var holder = TlsPeer.Client(address, _certificates, new Version(version), own);
        using var thief = TlsPeer.Client(address, _certificates, new Version(version), other);
        using var bare = TlsPeer.Client(address, _certificates, new Version(version));
        var token = Bearer(edge, own);

        Assert.Equal("200 allow", await AskAsync(holder, token));
        Assert.Equal("401 identity_invalid", await AskAsync(thief, token));
        Assert.Equal("401 identity_invalid", await AskAsync(bare, token));

        // What the header of a proxy would say is nobody's word here, with and without a certificate of one's own.
        var told = ("Client-Cert", $":{Convert.ToBase64String(own.RawData)}:");
        Assert.Equal("401 identity_invalid", await AskAsync(bare, token, told));
        Assert.Equal("401 identity_invalid", await AskAsync(thief, token, told));

        // A token for everybody is none here, whoever brings it; nor is one for another certificate.
        Assert.Equal("401 identity_invalid", await AskAsync(holder, Bearer(edge, null)));
        Assert.Equal("401 identity_invalid", await AskAsync(holder, Bearer(edge, other)));

        // Once more, when the token is remembered.
        Assert.Equal("200 allow", await AskAsync(holder, token));
        Assert.Equal("401 identity_invalid", await AskAsync(thief, token));
        Assert.Equal(["ann", "ann"], edge.Upstream.Received.Items.Select(request => request.Headers["x-user"]));
    }

    [Fact]
    public async Task Token_BoundToACertificate_PassesOnAConnectionThatIsNew()
    {
        await using var edge = await StartAsync();
        using var own = _certificates.IssueClient("CN=app");
        using var other = _certificates.IssueClient("CN=app");
        using var holder = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, own: own);
        using var thief = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, own: other);
        var token = Bearer(edge, own);
        for (var i = 0; i < 3; i++)
        {
            // Sessions may be taken up again: by who began them.
            Assert.Equal("200 allow", await AskAsync(holder, token, ("Connection", "close")));
            Assert.Equal("401 identity_invalid", await AskAsync(thief, token, ("Connection", "close")));
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _strangers.Dispose();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> AskAsync(HttpClient client, string token, params (string Name, string Value)[] headers)
    {
        using var answer = await EdgeUnderTest.SendAsync(client, HttpMethod.Get, "/bound", [("Authorization", token), .. headers]);
        return answer.Verdict();
    }

    private string Bearer(EdgeUnderTest edge, X509Certificate2? holder)
    {
        var now = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = "https://login.example", ["aud"] = "api", ["sub"] = "ann", ["iat"] = now, ["exp"] = now + 600 };
        if (holder is not null)
        {
            claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(holder.RawData)) };
        }

        return "Bearer " + _key.Sign(claims);
    }

    private Task<EdgeUnderTest> StartAsync()
    {
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - id: login
                issuer: https://login.example
                audiences: [api]
                algorithms: [ES256]
                keys: [{kid: k1, public_key: '{{_key.ToJwk().ToJsonString()}}'} ]
                binding: {kinds: [mtls]}
            policies:
              - id: bound
                spec:
                  selector: {pathPrefix: /bound}
                  identity: required
                  identity_options: {kinds: [jwt], forward_headers: {x-user: 'jwt:sub'} }
                  rules: []
            """;
        return TlsPeer.StartAsync(_folder, _certificates, options => options with { Tls = new TlsOptions { ClientCertificates = "optional" } }, bundle);
    }
}
