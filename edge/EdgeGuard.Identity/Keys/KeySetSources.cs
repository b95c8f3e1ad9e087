using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Keys;

/// <summary>From an issuer's definition to the source of its keys.</summary>
internal static class KeySetSources
{
    private static readonly TimeSpan DirectoryInterval = TimeSpan.FromMinutes(5);

    /// <summary>The source; one that only reports its refusal when the address must not be used.</summary>
    public static IKeySetSource Create(IssuerDefinition issuer, IdentityOptions options, HttpMessageInvoker http, TimeProvider time)
    {
        if (!issuer.Keys.IsEmpty)
        {
            return new InlineKeySetSource(issuer.Id, issuer.Keys);
        }

        if (issuer.JwksFile is { Length: > 0 } file)
        {
            return new FileKeySetSource(issuer.Id, file);
        }

        var field = issuer.DiscoveryUrl is null ? "jwks_url" : "discovery_url";
        if (!FetchAddress.TryParse(issuer.DiscoveryUrl ?? issuer.JwksUrl ?? string.Empty, options, out var address, out var why))
        {
            return new RefusedKeySetSource(KeySetRead.Failed(
                IdentityCodes.AddressRefused,
                issuer.Id,
                $"the address of the key set is refused: {why}",
                $"correct {field}, or add the host to fetch.allowed_hosts in the options"));
        }

        return issuer.DiscoveryUrl is null
            ? new HttpKeySetSource(issuer.Id, address, issuer.Refresh, http, time)
            : new DiscoveryKeySetSource(issuer.Id, issuer.Issuer, address, issuer.Refresh, options, http, time);
    }

    /// <summary>The source of an agent's key directory, under the same rules.</summary>
    public static IKeySetSource OfDirectory(AgentDefinition agent, IdentityOptions options, HttpMessageInvoker http, TimeProvider time) =>
        FetchAddress.TryParse(agent.KeyDirectory ?? string.Empty, options, out var address, out var why)
            ? new HttpKeySetSource(agent.Id, address, DirectoryInterval, http, time)
            : new RefusedKeySetSource(KeySetRead.Failed(
                IdentityCodes.AddressRefused,
                agent.Id,
                $"the address of the key directory is refused: {why}",
                "correct key_directory, or add the host to fetch.allowed_hosts in the options"));

    /// <summary>How long its keys are used after they were last fetched well; those of the bundle as long as the bundle.</summary>
    public static TimeSpan StaleAfter(IssuerDefinition issuer) => issuer.Keys.IsEmpty ? issuer.StaleIfError : TimeSpan.MaxValue;
}
