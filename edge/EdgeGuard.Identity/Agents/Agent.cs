using System.Collections.Frozen;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Identity.Signatures;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Agents;

/// <summary>A registered agent, ready for use.</summary>
internal sealed class Agent
{
    private readonly Credential _credential;

    public Agent(AgentDefinition definition, IAgentKey? key, AgentDirectory? directory, AgeLimit? maxAge = null)
    {
        Definition = definition;
        Key = key;
        Directory = directory;
        MaxAge = maxAge ?? AgeLimit.Of(definition.MaxAge);
        Required = [.. definition.RequiredComponents.Select(ReadComponent)];
        _credential = Describe(definition);
    }

    public AgentDefinition Definition { get; }

    /// <summary>Its key; null when it comes from a directory, or when what was registered is no key (then nothing verifies).</summary>
    public IAgentKey? Key { get; }

    /// <summary>Where its keys are published, or null.</summary>
    public AgentDirectory? Directory { get; }

    /// <summary>How old its signatures may be, by when they were made.</summary>
    public AgeLimit MaxAge { get; }

    /// <summary>What a message signature must cover; null stands for something that cannot be covered.</summary>
    public ImmutableArray<CoveredComponent?> Required { get; }

    /// <summary>The agent, verified by a signature of a time.</summary>
    public Credential Verified(long createdAt) => _credential with { IssuedAt = DateTimeOffset.FromUnixTimeSeconds(createdAt) };

    /// <summary>Reads a component as bundles write it: a name, or a name with parameters behind it.</summary>
    private static CoveredComponent? ReadComponent(string text)
    {
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var quoted = end < 0 ? $"\"{text}\"" : $"\"{text[..end]}\"{text[end..]}";
        return StructuredFieldReader.TryReadItem(quoted, out var item) ? CoveredComponent.Of(item) : null;
    }

    private static Credential Describe(AgentDefinition definition)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = definition.Id,
            ["scheme"] = definition.Scheme switch
            {
                AgentScheme.DetachedJws => "jws",
                AgentScheme.Hmac => "hmac",
                _ => "http_message_signature",
            },
        };
        if (definition.Organization is { } organization)
        {
            values["organization"] = organization;
        }

        return new Credential
        {
            Kind = CredentialKinds.Agent,
            Outcome = CredentialOutcome.Verified,
            Values = values.ToFrozenDictionary(StringComparer.Ordinal),
            Scopes = definition.Scopes.ToFrozenSet(StringComparer.Ordinal),
            SourceId = definition.Id,
            Organization = definition.Organization,
            Subject = definition.Id,
        };
    }
}
