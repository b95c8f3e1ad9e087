using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// Keys of providers, by the compiled bundle that names them: a request is forwarded with the keys of exactly the bundle that it was decided by. Gone with
/// their bundle.
/// </summary>
internal sealed class ProviderKeys
{
    private readonly ConditionalWeakTable<CompiledPolicy, FrozenDictionary<string, string>> _keys = [];

    /// <summary>Keeps the keys of a bundle, before it is put in force.</summary>
    public void Keep(CompiledPolicy policy, IReadOnlyDictionary<string, string> keys)
    {
        if (keys.Count > 0)
        {
            _keys.AddOrUpdate(policy, keys.ToFrozenDictionary(StringComparer.Ordinal));
        }
    }

    /// <summary>The key of a provider, or null when the client's own passes.</summary>
    public string? Find(PolicySnapshot snapshot, string provider) =>
        snapshot.Policy is { } policy && _keys.TryGetValue(policy, out var keys) ? keys.GetValueOrDefault(provider) : null;
}
