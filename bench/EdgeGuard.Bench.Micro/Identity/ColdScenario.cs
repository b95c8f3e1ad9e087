using System.Collections.Immutable;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>Requests whose credential is verified from the beginning, each once in a round.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Kind">Kind of credential.</param>
/// <param name="Sources">Who may call.</param>
/// <param name="Requests">The requests of a round.</param>
/// <param name="Before">A request that comes first in each round, until it is remembered, and is not measured; or null.</param>
/// <param name="SharesToken">Whether all requests bear one token, which is remembered, and only its proof is new.</param>
internal sealed record ColdScenario(
    string Name, CredentialKinds Kind, IdentitySources Sources, ImmutableArray<BenchRequest> Requests, BenchRequest? Before = null, bool SharesToken = false)
{
    private const int PerRound = 500;

    /// <summary>All of them, made when they are asked for: signing takes longer than verifying.</summary>
    public static IEnumerable<ColdScenario> All()
    {
        foreach (var algorithm in TokenSigner.Algorithms)
        {
            yield return OfTokens(algorithm);
        }

        yield return OfApiKeys();
        yield return SignedRequests.Hmac(PerRound);
        yield return SignedRequests.Ed25519Messages(PerRound);
        yield return SignedRequests.Dpop(PerRound);
    }

    private static ColdScenario OfTokens(string algorithm)
    {
        var signer = TokenSigner.Create(algorithm);
        return new ColdScenario(
            algorithm.ToLowerInvariant(),
            CredentialKinds.Jwt,
            new IdentitySources { Issuers = [signer.Issuer] },
            [.. Enumerable.Range(0, PerRound).Select(user => Request(CredentialKinds.Jwt).Add("Authorization", signer.Bearer(user)))],
            Request(CredentialKinds.Jwt).Add("Authorization", signer.Bearer(PerRound)));
    }

    private static ColdScenario OfApiKeys()
    {
        string[] keys = [.. Enumerable.Range(0, PerRound).Select(_ => ApiKeyText.Create(isPublishable: false, "live"))];
        return new ColdScenario(
            "api_key",
            CredentialKinds.ApiKey,
            new IdentitySources { ApiKeys = [.. keys.Select((key, i) => DefinitionOf(key, i))] },
            [.. keys.Select(key => Request(CredentialKinds.ApiKey).Add("X-API-Key", key))]);
    }

    private static ApiKeyDefinition DefinitionOf(string key, int number) =>
        new() { Id = $"k{number}", IsPublishable = false, Sha256 = ApiKeyText.DigestText(key), Organization = "acme" };

    private static BenchRequest Request(CredentialKinds kind) => new(kind);
}
