using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.ApiKeys;

/// <summary>A key as it is looked up: everything that a request needs is made once.</summary>
internal sealed class ApiKeyEntry(ApiKeyDefinition definition)
{
    public ApiKeyDefinition Definition { get; } = definition;

    /// <summary>SHA-256 of the key.</summary>
    public byte[] Digest { get; } = Convert.FromHexString(definition.Sha256);

    /// <summary>UTC ticks from which it is valid, a minute early: whoever made it may have a clock that is ahead of this one.</summary>
    public long NotBefore { get; } = (definition.NotBefore?.UtcTicks ?? long.MinValue + TimeSpan.TicksPerMinute) - TimeSpan.TicksPerMinute;

    /// <summary>UTC ticks from which it is no longer valid.</summary>
    public long ExpiresAt { get; } = definition.ExpiresAt?.UtcTicks ?? long.MaxValue;

    /// <summary>What is known of a caller who presents it where it may be used; one object for all of them.</summary>
    public ValueTask<Credential> Verified { get; } = new(new Credential
    {
        Kind = CredentialKinds.ApiKey,
        Outcome = CredentialOutcome.Verified,
        Values = ValuesOf(definition),
        Scopes = definition.Scopes.ToFrozenSet(StringComparer.Ordinal),
        SourceId = definition.Id,
        IssuedAt = definition.NotBefore,
        Organization = definition.Organization,
    });

    private static FrozenDictionary<string, string> ValuesOf(ApiKeyDefinition definition)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = definition.Id,
            ["org"] = definition.Organization,
            ["kind"] = definition.IsPublishable ? "publishable" : "secret",
            ["environment"] = definition.Environment,
        };
        if (definition.Plan is { } plan)
        {
            values.Add("plan", plan);
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
