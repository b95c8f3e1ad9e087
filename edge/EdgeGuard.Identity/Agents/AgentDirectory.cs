using System.Collections.Frozen;
using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity.Agents;

/// <summary>Keys that an agent publishes, known by their thumbprints. Fetched, bounded and kept as an issuer's key set.</summary>
internal sealed class AgentDirectory(string address, KeySetRefresher keys) : IAsyncDisposable
{
    private volatile Read? _read;

    /// <summary>Where it is fetched.</summary>
    public string Address { get; } = address;

    /// <summary>Fetches it.</summary>
    public KeySetRefresher Keys { get; } = keys;

    /// <summary>The key of a thumbprint for an algorithm; the word of what is wrong otherwise. An unknown thumbprint asks for one fetch ahead of time.</summary>
    public async ValueTask<(IAgentKey? Key, string Failure)> FindAsync(string thumbprint, string algorithm, CancellationToken cancellation)
    {
        if (Keys.Usable is null)
        {
            await WaitAsync(Keys.FirstAttempt, cancellation);
        }

        if (Keys.Usable is not { } set)
        {
            return (null, AgentFailures.KeysUnavailable);
        }

        if (Find(set, thumbprint, algorithm) is { } key)
        {
            return (key, string.Empty);
        }

        await WaitAsync(Keys.RefreshForUnknownKeyAsync(), cancellation);
        return Keys.Usable is { } again && Find(again, thumbprint, algorithm) is { } found ? (found, string.Empty) : (null, AgentFailures.UnknownKey);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Keys.DisposeAsync();

    private IAgentKey? Find(KeySet set, string thumbprint, string algorithm)
    {
        var read = _read;
        if (read is null || !ReferenceEquals(read.Set, set))
        {
            read = new Read(set, set.Keys
                .Select(key => (Name: KeyThumbprint.Of(key.Public), Key: key.Public.Kind switch
                {
                    Bundles.Keys.PublicKeyKind.Ed25519 => AgentKeys.Of(key.Public, AgentKeys.Ed25519),
                    _ => AgentKeys.Of(key.Public, AgentKeys.P256),
                }))
                .Where(entry => entry.Key is not null)
                .DistinctBy(entry => entry.Name)
                .ToFrozenDictionary(entry => entry.Name, entry => entry.Key!, StringComparer.Ordinal));
            _read = read;
        }

        return read.ByThumbprint.TryGetValue(thumbprint, out var found) && (found is Ed25519Key) == (algorithm == AgentKeys.Ed25519) ? found : null;
    }

    private static async Task WaitAsync(Task task, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone; what follows refuses.
        }
    }

    private sealed record Read(KeySet Set, FrozenDictionary<string, IAgentKey> ByThumbprint);
}
