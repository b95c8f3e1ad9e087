using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Keys;

/// <summary>From an issuer's definition to the source of its keys.</summary>
internal static class KeySetSources
{
    private static readonly TimeSpan DirectoryInterval = TimeSpan.FromMinutes(5);

    /// <summary>The source; one that only reports its refusal when the address must not be used.</summary>
    public static IKeySetSource Create(IssuerDefinition issuer, IdentityOptions options, HttpMessageInvoker http, TimeProvider time)
    {
        if (issuer.JwksFile is { Length: > 0 } file)
        {
            return new FileKeySetSource(issuer.Id, file);
        }

        return FetchAddress.TryParse(issuer.JwksUrl ?? string.Empty, options, out var address, out var why)
            ? new HttpKeySetSource(issuer.Id, address, issuer.Refresh, http, time)
            : new RefusedKeySetSource(KeySetRead.Failed(
                IdentityCodes.AddressRefused,
                issuer.Id,
                $"the address of the key set is refused: {why}",
                "correct jwks_url, or add the host to the fetch hosts in the options"));
    }

    /// <summary>The source of an agent's key directory, under the same rules.</summary>
    public static IKeySetSource OfDirectory(AgentDefinition agent, IdentityOptions options, HttpMessageInvoker http, TimeProvider time) =>
        FetchAddress.TryParse(agent.KeyDirectory ?? string.Empty, options, out var address, out var why)
            ? new HttpKeySetSource(agent.Id, address, DirectoryInterval, http, time)
            : new RefusedKeySetSource(KeySetRead.Failed(
                IdentityCodes.AddressRefused,
                agent.Id,
                $"the address of the key directory is refused: {why}",
                "correct key_directory, or add the host to the fetch hosts in the options"));
}
