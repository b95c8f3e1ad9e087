using System.Collections.Immutable;
using System.Net;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

/// <summary>Where connections for keys lead, whatever a name resolves to.</summary>
public sealed class KeyFetchHandlerTests : IAsyncLifetime
{
    private JwksServer _server = null!;
    private FakeNetwork _network = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await JwksServer.StartAsync();
        _network = new FakeNetwork(_server.BaseAddress.Port);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Name_OfTheInternet_IsConnectedToAsItWasJudged()
    {
        var read = await FetchAsync("idp.example", [], "198.51.100.7", "2001:db8::7");

        Assert.NotNull(read.Keys);
        Assert.Equal(["198.51.100.7 2001:db8::7 8080"], _network.Connected.Items);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    [InlineData("198.51.100.7", "192.168.0.1")]
    public async Task Name_OfAPrivateAddress_IsRefusedWithoutAConnection(params string[] addresses)
    {
        var read = await FetchAsync("idp.example", [], addresses);

        Assert.Null(read.Keys);
        Assert.Equal([IdentityCodes.PrivateAddress], Codes(read.Problems));
        Assert.DoesNotContain(addresses[0], read.Problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(0, _network.Connected.Count);
        Assert.Equal(0, _server.Requests.Count);
    }

    [Fact]
    public async Task Name_AllowedToBePrivate_IsFetched()
    {
        Assert.NotNull((await FetchAsync("IDP.example", ["idp.example"], "10.1.2.3")).Keys);
        Assert.Equal(["10.1.2.3 8080"], _network.Connected.Items);
    }

    [Fact]
    public async Task Name_OtherIsAllowedToBePrivate_IsRefused() =>
        Assert.Equal([IdentityCodes.PrivateAddress], Codes((await FetchAsync("idp.example", ["example"], "10.1.2.3")).Problems));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[fd00::1]")]
    public async Task Address_AsItIsWritten_IsNotResolved(string host)
    {
        Assert.NotNull((await FetchAsync(host, [])).Keys);
        Assert.Equal(0, _network.Resolved.Count);
        Assert.Equal([host.Trim('[', ']') + " 8080"], _network.Connected.Items);
    }

    [Fact]
    public async Task Localhost_IsThisMachineAndNothingElse()
    {
        Assert.NotNull((await FetchAsync("localhost", [], "127.0.0.1", "::1")).Keys);
        Assert.Equal([IdentityCodes.PrivateAddress], Codes((await FetchAsync("localhost", [], "10.1.2.3")).Problems));
    }

    [Fact]
    public async Task Name_NobodyKnows_IsAFailedFetch() =>
        Assert.Equal([IdentityCodes.FetchFailed], Codes((await FetchAsync("idp.example", [])).Problems));

    [Fact]
    public async Task Name_LeadsElsewhereLater_IsRefusedAtItsNextConnection()
    {
        using var http = Client([]);
        _network.Answer = [IPAddress.Parse("198.51.100.7")];
        Assert.NotNull((await Source(http, "idp.example").FetchAsync(CancellationToken.None)).Keys);
        _network.Answer = [IPAddress.Loopback];

        // The connection that was judged is still open; another one is judged anew.
        using var second = Client([]);
        Assert.Equal([IdentityCodes.PrivateAddress], Codes((await Source(second, "idp.example").FetchAsync(CancellationToken.None)).Problems));
    }

    private static IEnumerable<string> Codes(ImmutableArray<Diagnostic> problems) => problems.Select(problem => problem.Code);

    private static HttpKeySetSource Source(HttpMessageInvoker http, string host) =>
        new("main", new Uri($"http://{host}:8080/jwks.json"), TimeSpan.FromMinutes(5), http, new TestTimeProvider());

    private HttpMessageInvoker Client(ImmutableHashSet<string> privateHosts) =>
        new(KeyFetchHandler.Create(new IdentityOptions { PrivateHosts = privateHosts }, _network));

    private async Task<KeySetRead> FetchAsync(string host, ImmutableHashSet<string> privateHosts, params string[] addresses)
    {
        _network.Answer = [.. addresses.Select(IPAddress.Parse)];
        using var http = Client(privateHosts);
        return await Source(http, host).FetchAsync(CancellationToken.None).Within("fetch");
    }
}
