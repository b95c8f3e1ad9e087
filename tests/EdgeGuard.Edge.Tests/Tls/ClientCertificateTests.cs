using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Tests.Grpc;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Google.Protobuf;

namespace EdgeGuard.Edge.Tests.Tls;

/// <summary>Certificates of clients on the edge's own listeners: who may connect, and what the bundle learns of it.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private const string Workload = "spiffe://prod.example/pay";

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly TestCertificates _strangers = new();

    public ClientCertificateTests() => _folder.Write("clients.pem", _certificates.AuthorityPem);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Proxy_Required_LetsOnlyHoldersIn_AndTellsTheBundle(string version)
    {
        await using var edge = await StartAsync("required", trust: true);
        var address = edge.Address(DoorTag.ProxyTls);
        using var own = _certificates.IssueClient("CN=pay", Workload);
        using var stranger = _strangers.IssueClient("CN=pay", Workload);
        using var server = _certificates.IssueServer();
        using var client = TlsPeer.Client(address, _certificates, new Version(version), own);

        using var answer = await client.GetAsync("/pay");

        Assert.Equal("200 allow", answer.Verdict());
        Assert.Equal(Workload, Assert.Single(edge.Upstream.Received.Items).Headers["x-workload"]);
        using var none = TlsPeer.Client(address, _certificates, new Version(version));
        using var other = TlsPeer.Client(address, _certificates, new Version(version), stranger);
        await Assert.ThrowsAsync<HttpRequestException>(() => none.GetAsync("/pay"));
        await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync("/pay"));
        Assert.Equal(1, edge.Upstream.Count);
    }

    [Fact]
    public async Task Proxy_Optional_LetsTheBundleJudge()
    {
        await using var edge = await StartAsync("optional", trust: false);
        var address = edge.Address(DoorTag.ProxyTls);
        using var own = _certificates.IssueClient("CN=pay", Workload);
        using var stranger = _strangers.IssueClient("CN=pay", Workload);
        using var holder = TlsPeer.Client(address, _certificates, own: own);
        using var other = TlsPeer.Client(address, _certificates, own: stranger);
        using var none = TlsPeer.Client(address, _certificates);

        using var known = await holder.GetAsync("/pay");
        using var unknown = await other.GetAsync("/pay");
        using var without = await none.GetAsync("/pay");
        using var open = await none.GetAsync("/open");

        Assert.Equal(
            ("200 allow", "401 identity_invalid", "401 identity_required", "200 allow"),
            (known.Verdict(), unknown.Verdict(), without.Verdict(), open.Verdict()));
    }

    [Fact]
    public async Task Proxy_HeaderOnAConnectionWithACertificate_CountsForNothing()
    {
        await using var edge = await StartAsync("optional", trust: false);
        using var own = _certificates.IssueClient("CN=pay", Workload);
        using var none = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates);

        using var answer = await EdgeUnderTest.SendAsync(none, HttpMethod.Get, "/pay", ("Client-Cert", $":{Convert.ToBase64String(own.RawData)}:"));

        Assert.Equal("401 identity_required", answer.Verdict());
    }

    [Fact]
    public async Task Proxy_TrustFileReplaced_HoldsForTheNextConnection()
    {
        await using var edge = await StartAsync("required", trust: true);
        var address = edge.Address(DoorTag.ProxyTls);
        using var stranger = _strangers.IssueClient("CN=pay", Workload);
        using (var early = TlsPeer.Client(address, _certificates, own: stranger))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => early.GetAsync("/open"));
        }

        _folder.Write("clients.pem", _strangers.AuthorityPem);
        edge.Time.Advance(TimeSpan.FromSeconds(5));

        using var late = TlsPeer.Client(address, _certificates, own: stranger);
        using var answer = await late.GetAsync("/open");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Decision_WithTrustFile_AnswersOnlyHolders()
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Listen = options.Listen with { DecisionTls = "127.0.0.1:0" },
            Tls = new TlsOptions { DecisionTrustFile = _folder.Combine("clients.pem") },
        });
        var address = edge.Address(DoorTag.DecisionTls);
        using var own = _certificates.IssueClient("CN=gateway");
        using var holder = TlsPeer.Client(address, _certificates, own: own);
        using var none = TlsPeer.Client(address, _certificates);

        using var answer = await EdgeUnderTest.SendAsync(
            holder, HttpMethod.Get, "/v1/decision", ("X-Original-Method", "GET"), ("X-Original-URI", "/"), ("X-Original-Host", "api.test"));

        Assert.Equal("200 allow", answer.Verdict());
        await Assert.ThrowsAsync<HttpRequestException>(() => none.GetAsync("/v1/decision"));

        // The proxy of the same edge asks nobody.
        using var browser = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates);
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Grpc_WithTrustFile_AnswersOnlyHolders()
    {
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Listen = options.Listen with { DecisionTls = "127.0.0.1:0" },
            Tls = new TlsOptions { DecisionTrustFile = _folder.Combine("clients.pem") },
        });
        var address = edge.Address(DoorTag.DecisionTls);
        using var own = _certificates.IssueClient("CN=gateway");
        using var stranger = _strangers.IssueClient("CN=gateway");
        async Task<string> AskAsync(X509Certificate2? certificate)
        {
            using var client = TlsPeer.Client(address, _certificates, HttpVersion.Version20, certificate);
            using var question = new ByteArrayContent(GrpcCaller.Frame(GrpcEdge.Question("/a").ToByteArray()));
            question.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            using var answer = await client.PostAsync(new Uri(AuthorizationService.Path, UriKind.Relative), question);
            var message = await answer.Content.ReadAsByteArrayAsync();
            return $"{answer.TrailingHeaders.GetValues("grpc-status").Single()} {CheckResponse.Parser.ParseFrom(message.AsSpan(5)).HttpResponseCase}";
        }

        Assert.Equal("0 OkResponse", await AskAsync(own));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(null));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(stranger));
    }

    public void Dispose()
    {
        _strangers.Dispose();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private Task<EdgeUnderTest> StartAsync(string mode, bool trust)
    {
        _folder.Write("identity.pem", _certificates.AuthorityPem);
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            client_certificates:
              trust_file: {{_folder.Combine("identity.pem")}}
              spiffe_domains: [prod.example]
            policies:
              - id: pay
                spec:
                  selector: {pathPrefix: /pay}
                  identity: required
                  identity_options: {kinds: [mtls], forward_headers: {x-workload: 'mtls:spiffe'} }
                  rules: []
              - id: open
                spec: {selector: {pathPrefix: /open}, rules: [] }
            """;
        return TlsPeer.StartAsync(
            _folder,
            _certificates,
            options => options with
            {
                ReferenceFiles = [_folder.Combine("")],
                Tls = new TlsOptions { ClientCertificates = mode, ClientTrustFile = trust ? _folder.Combine("clients.pem") : string.Empty },
            },
            bundle);
    }
}
