using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Testing;
using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Identity.Tests.Attacks;

/// <summary>One verifier for all attacks, as one edge meets them.</summary>
public sealed class AttackFixture : IAsyncLifetime
{
    private readonly TestTimeProvider _time = new();
    private TokenVerifier? _verifier;

    public AttackScene Scene { get; private set; } = null!;

    internal TokenVerifier Verifier => _verifier!;

    /// <summary>Two failures for each client, for as long as the tests run.</summary>
    internal FailureLimiter Failures { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Scene = await AttackScene.StartAsync(_time);
        Failures = new FailureLimiter(2, 0.0001, _time);
        _verifier = new TokenVerifier(new IdentityOptions { FetchHosts = ["127.0.0.1"] }, new SocketsHttpHandler(), _time, Failures);
        _verifier.UseIssuers(ReadIssuers(Scene));
    }

    public async ValueTask DisposeAsync()
    {
        await Verifier.DisposeAsync();
        await Scene.DisposeAsync();
    }

    internal async Task<Credential> VerifyAsync(params string[] headers)
    {
        var request = new FakeRequest([.. headers.Select(value => ("Authorization", value))]) { ClientAddress = null };
        return await Verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification");
    }

    private static System.Collections.Immutable.ImmutableArray<IssuerDefinition> ReadIssuers(AttackScene scene)
    {
        var read = BundleReader.Read(System.Text.Encoding.UTF8.GetBytes($"format: edgeguard/v1\nbundle_version: 1\nissuers:\n{scene.Issuers}\npolicies: []\n"), "attacks.yaml", ValidationContext.Unknown);
        return read.Document?.Issuers ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics));
    }
}
