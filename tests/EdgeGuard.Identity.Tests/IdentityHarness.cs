using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests;

/// <summary>A verifier with one issuer: a real key server on loopback, and virtual time.</summary>
internal sealed class IdentityHarness : IAsyncDisposable
{
    private IdentityHarness(JwksServer server, TokenVerifier verifier, TestTimeProvider time)
    {
        Server = server;
        Verifier = verifier;
        Time = time;
    }

    public JwksServer Server { get; }

    public TokenVerifier Verifier { get; }

    public TestTimeProvider Time { get; }

    public IssuerStatus Status => Verifier.GetStatus()[0];

    public static async Task<IdentityHarness> StartAsync(
        JwksMode mode = JwksMode.Normal, Func<IssuerDefinition, IssuerDefinition>? change = null, IdentityOptions? options = null)
    {
        var server = await JwksServer.StartAsync();
        server.Mode = mode;
        var time = new TestTimeProvider();
        var verifier = new TokenVerifier(options ?? new IdentityOptions { FetchHosts = ["127.0.0.1"] }, new SocketsHttpHandler(), time);
        var harness = new IdentityHarness(server, verifier, time);
        var issuer = harness.Issuer();
        verifier.UseIssuers([change is null ? issuer : change(issuer)]);
        return harness;
    }

    public IssuerDefinition Issuer() => new()
    {
        Id = "main",
        Issuer = Server.Issuer,
        Audiences = ["api"],
        Algorithms = ["RS256", "ES256"],
        JwksUrl = Server.KeySetUrl,
    };

    public static JsonObject Claims() => new() { ["aud"] = "api", ["sub"] = "user-1" };

    public string Issue(JsonObject? claims = null, string keyId = "rsa-1") => Server.Issue(claims ?? Claims(), keyId, Time);

    public async Task<Credential> VerifyAsync(string token) =>
        await Verifier.VerifyAsync("Bearer " + token, CancellationToken.None).AsTask().Within("verification");

    /// <summary>Ends when so many fetches are done and the next one is waited for.</summary>
    public Task IdleAfterAsync(long fetches) => Eventually.TrueAsync(
        () => Status.FetchesOk + Status.FetchesFailed >= fetches && Time.ActiveTimers == 1,
        what: $"{fetches} fetches done");

    public async ValueTask DisposeAsync()
    {
        Server.ReleaseSlowAnswers();
        await Verifier.DisposeAsync();
        await Server.DisposeAsync();
    }
}
