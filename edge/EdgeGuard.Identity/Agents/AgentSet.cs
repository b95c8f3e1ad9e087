using System.Collections.Frozen;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Agents;

/// <summary>The agents in force. Immutable.</summary>
internal sealed class AgentSet
{
    private readonly FrozenDictionary<(AgentScheme Scheme, string Name), Agent> _byName;
    private readonly FrozenDictionary<string, Agent> _byDirectory;
    private readonly int _schemes;

    private AgentSet(FrozenDictionary<(AgentScheme, string), Agent> byName, FrozenDictionary<string, Agent> byDirectory)
    {
        _byName = byName;
        _byDirectory = byDirectory;
        foreach (var agent in byName.Values)
        {
            _schemes |= 1 << (int)agent.Definition.Scheme;
        }
    }

    public static AgentSet None { get; } =
        new(FrozenDictionary<(AgentScheme, string), Agent>.Empty, FrozenDictionary<string, Agent>.Empty);

    public bool IsEmpty => _schemes == 0;

    /// <summary>The agents of definitions; their ids are unique.</summary>
    /// <param name="definitions">The definitions, references in them resolved.</param>
    /// <param name="directory">The directory of an address.</param>
    /// <param name="limits">How old signatures may be, by agent; null for what the definitions say.</param>
    public static AgentSet Of(
        IEnumerable<AgentDefinition> definitions, Func<AgentDefinition, AgentDirectory> directory, FrozenDictionary<string, AgeLimit>? limits = null)
    {
        var byName = new Dictionary<(AgentScheme, string), Agent>();
        var byDirectory = new Dictionary<string, Agent>(StringComparer.Ordinal);
        var byThumbprint = new List<(string Thumbprint, Agent Agent)>();
        foreach (var definition in definitions)
        {
            var key = definition.PublicKey is { } text ? PublicKeyReader.Read(text).Key : null;
            var agent = new Agent(
                definition,
                key is not null ? AgentKeys.Of(key, definition.Algorithm) : definition.Secret is { } secret ? HmacKey.Of(secret) : null,
                definition.KeyDirectory is null ? null : directory(definition),
                limits?.GetValueOrDefault(definition.Id));
            byName.TryAdd((definition.Scheme, definition.Id), agent);
            if (key is not null)
            {
                byThumbprint.Add((KeyThumbprint.Of(key), agent));
            }

            if (OriginOf(definition.KeyDirectory) is { } origin)
            {
                byDirectory.TryAdd(origin, agent);
            }
        }

        // A key that several agents share names none of them: they are told apart by their ids then.
        foreach (var sharers in byThumbprint.GroupBy(entry => (entry.Agent.Definition.Scheme, entry.Thumbprint)).Where(group => group.Count() == 1))
        {
            byName.TryAdd(sharers.Key, sharers.First().Agent);
        }

        return new AgentSet(byName.ToFrozenDictionary(), byDirectory.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Agents whose keys come from a directory, by id.</summary>
    public IEnumerable<Agent> Published =>
        _byName.Values.Where(agent => agent.Directory is not null).Distinct().OrderBy(agent => agent.Definition.Id, StringComparer.Ordinal);

    /// <summary>Whether any agent signs in a way.</summary>
    public bool Has(AgentScheme scheme) => (_schemes & (1 << (int)scheme)) != 0;

    /// <summary>The agent of an id or of a key's thumbprint, with a key of its own; or null.</summary>
    public Agent? Find(AgentScheme scheme, string name) =>
        _byName.GetValueOrDefault((scheme, name)) is { Directory: null } agent ? agent : null;

    /// <summary>The agent whose key directory an address belongs to, or null.</summary>
    public Agent? FindByDirectory(string address) => OriginOf(address) is { } origin ? _byDirectory.GetValueOrDefault(origin) : null;

    // A directory has one place at each origin, so that the origin says it all.
    private static string? OriginOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.AbsolutePath is "/" or WebBotAuth.DirectoryPath
        && uri.Query.Length == 0
        && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
            : null;
}
