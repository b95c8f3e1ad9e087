using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Tls;

public sealed class TlsListenerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Proxy_OverTls_DecidesAndForwards(string version)
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, bundle: TestBundles.PerKey(burst: 1));
        using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, new Version(version));

        using var first = await EdgeUnderTest.SendAsync(client, HttpMethod.Get, "/v1/a?x=1", ("x-api-key", "k"));
        using var second = await EdgeUnderTest.SendAsync(client, HttpMethod.Get, "/v1/a", ("x-api-key", "k"));

        Assert.Equal((new Version(version), "200 allow"), (first.Version, first.Verdict()));
        Assert.Equal("429 token_bucket_exceeded", second.Verdict());
        var seen = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal(("/v1/a?x=1", "https", "127.0.0.1"), (seen.RawTarget, seen.Headers["X-Forwarded-Proto"], seen.Headers["X-Forwarded-For"]));
    }

    [Theory]
    [InlineData("h2", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("http/1.1,h2", "h2")]
    [InlineData("", "")]
    public async Task Proxy_Alpn_AgreesOnHttp2First(string offered, string agreed)
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates);
        await using var stream = await TlsPeer.ConnectAsync(
            edge.Address(DoorTag.ProxyTls),
            "localhost",
            options => options.ApplicationProtocols = offered.Length == 0 ? null : [.. offered.Split(',').Select(name => new SslApplicationProtocol(name))]);

        Assert.Equal(agreed, stream.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public async Task Certificates_Several_AreChosenByNameThenWildcardThenDefault()
    {
        using var exact = _certificates.IssueServer("api.example");
        using var wild = _certificates.IssueServer("*.example", "other.test");
        TestCertificates.Write(_folder, "exact", exact);
        TestCertificates.Write(_folder, "wild", wild);
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Certificates = options.Certificates.Add("a-wild", TlsPeer.Certificate(_folder, "wild")).Add("b-exact", TlsPeer.Certificate(_folder, "exact")),
        });
        var address = edge.Address(DoorTag.ProxyTls);

        Assert.Equal(exact.Thumbprint, await TlsPeer.ShownAsync(address, "api.example"));
        Assert.Equal(exact.Thumbprint, await TlsPeer.ShownAsync(address, "API.Example"));
        Assert.Equal(wild.Thumbprint, await TlsPeer.ShownAsync(address, "www.example"));
        Assert.Equal(wild.Thumbprint, await TlsPeer.ShownAsync(address, "other.test"));
        var normal = await TlsPeer.ShownAsync(address, "localhost");
        Assert.DoesNotContain(normal, (string[])[exact.Thumbprint, wild.Thumbprint]);
        Assert.Equal(normal, await TlsPeer.ShownAsync(address, "a.b.example"));
        Assert.Equal(normal, await TlsPeer.ShownAsync(address, string.Empty));
    }

    [Fact]
    public async Task Certificates_SeveralWithoutDefault_RefuseOtherNames()
    {
        using var one = _certificates.IssueServer("one.example");
        using var two = _certificates.IssueServer("two.example");
        TestCertificates.Write(_folder, "one", one);
        TestCertificates.Write(_folder, "two", two);
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Certificates = options.Certificates.Clear().Add("one", TlsPeer.Certificate(_folder, "one")).Add("two", TlsPeer.Certificate(_folder, "two")),
        });
        var address = edge.Address(DoorTag.ProxyTls);

        Assert.Equal(two.Thumbprint, await TlsPeer.ShownAsync(address, "two.example"));
        Assert.True(await TlsPeer.IsRefusedAsync(address, "three.example"));
        Assert.True(await TlsPeer.IsRefusedAsync(address, string.Empty));
    }

    [Fact]
    public async Task Certificate_Replaced_IsShownToNewConnectionsAndDropsNone()
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates);
        var address = edge.Address(DoorTag.ProxyTls);
        var before = await TlsPeer.ShownAsync(address, "localhost");
        await using var open = await TlsPeer.ConnectAsync(address, "localhost");
        Assert.StartsWith("HTTP/1.1 200", await TlsPeer.AskAsync(open), StringComparison.Ordinal);

        using var next = _certificates.IssueServer();
        TestCertificates.Write(_folder, "server", next);
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            return await TlsPeer.ShownAsync(address, "localhost") == next.Thumbprint;
        });

        Assert.NotEqual(before, next.Thumbprint);
        Assert.StartsWith("HTTP/1.1 200", await TlsPeer.AskAsync(open), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_ReplacedByWhatCannotBeUsed_LeavesTheOneInForce()
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates);
        var address = edge.Address(DoorTag.ProxyTls);
        var before = await TlsPeer.ShownAsync(address, "localhost");

        _folder.Write("server.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            return (await edge.Probes.GetStringAsync("/metrics")).Contains("edgeguard_certificate_refused_total{certificate=\"default\"} 1", StringComparison.Ordinal);
        });

        Assert.Equal(before, await TlsPeer.ShownAsync(address, "localhost"));
    }

    [Fact]
    public async Task Certificate_AsPfxWithPassword_IsServed()
    {
        using var certificate = _certificates.IssueServer("pfx.example");
        File.WriteAllBytes(_folder.Combine("server.pfx"), certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12, "secret"));
        var pfx = new CertificateOptions { File = _folder.Combine("server.pfx"), Password = new SecretText("secret") };
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with { Certificates = options.Certificates.SetItem("default", pfx) });

        Assert.Equal(certificate.Thumbprint, await TlsPeer.ShownAsync(edge.Address(DoorTag.ProxyTls), "pfx.example"));
        var refused = await Assert.ThrowsAsync<StartException>(() => TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Certificates = options.Certificates.SetItem("default", pfx with { Password = new SecretText("wrong") }),
        }));
        var problem = Assert.Single(refused.Diagnostics);
        Assert.Equal(("EG3230", "certificates.default"), (problem.Code, problem.Path));
        Assert.DoesNotContain("wrong`", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_OfAnotherCertificate_IsRefusedAtStart()
    {
        using var other = _certificates.IssueServer();
        TestCertificates.Write(_folder, "other", other);

        var refused = await Assert.ThrowsAsync<StartException>(() => TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Certificates = options.Certificates.SetItem("default", new CertificateOptions { File = _folder.Combine("server.pem"), KeyFile = _folder.Combine("other.key") }),
        }));

        Assert.Equal("EG3230", Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task MinVersion_13_RefusesTls12()
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with { Tls = new TlsOptions { Only13 = true } });
        var address = edge.Address(DoorTag.ProxyTls);

        Assert.True(await TlsPeer.IsRefusedAsync(address, "localhost", options => options.EnabledSslProtocols = SslProtocols.Tls12));
        Assert.False(await TlsPeer.IsRefusedAsync(address, "localhost", options => options.EnabledSslProtocols = SslProtocols.Tls13));
    }

    [Theory]
    [InlineData("http://localhost/a/b?c=d%20e", "https://localhost:8443/a/b?c=d%20e")]
    [InlineData("http://127.0.0.1:8080/", "https://127.0.0.1:8443/")]
    [InlineData("http://evil.example/", null)]
    [InlineData("http://localhost.evil.example/", null)]
    public async Task Redirect_LeadsToHttps_OnlyForNamesOfCertificates(string asked, string? told)
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Listen = options.Listen with { Redirect = "127.0.0.1:0" },
            Tls = new TlsOptions { RedirectPort = 8443 },
        });
        var address = new Uri(asked);
        var answer = await RawHttp.SendAsync(
            edge.Address(DoorTag.Redirect), $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith(told is null ? "HTTP/1.1 404" : "HTTP/1.1 308", answer, StringComparison.Ordinal);
        Assert.Equal(told is not null, answer.Contains($"\r\nLocation: {told}\r\n", StringComparison.Ordinal));
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Decision_OverTls_Answers(string version)
    {
        await using var edge = await TlsPeer.StartAsync(
            _folder, _certificates, options => options with { Listen = options.Listen with { DecisionTls = "127.0.0.1:0" } }, TestBundles.PerKey(burst: 1));
        using var client = TlsPeer.Client(edge.Address(DoorTag.DecisionTls), _certificates, new Version(version));
        (string, string)[] headers = [("X-Original-Method", "GET"), ("X-Original-URI", "/v1/a"), ("X-Original-Host", "api.test"), ("x-api-key", "k")];

        using var first = await EdgeUnderTest.SendAsync(client, HttpMethod.Get, "/v1/decision", headers);
        using var second = await EdgeUnderTest.SendAsync(client, HttpMethod.Get, "/v1/decision", headers);

        Assert.Equal(("200 allow", "429 token_bucket_exceeded"), (first.Verdict(), second.Verdict()));
        Assert.Equal(new Version(version), first.Version);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }
}
