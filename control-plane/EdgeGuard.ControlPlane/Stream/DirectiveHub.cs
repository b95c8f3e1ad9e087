using System.Collections.Concurrent;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>
/// The live streams of this instance and what is in force for each organization. Publishing is a change of one reference and a
/// signal to each stream; every stream signs and writes on its own.
/// </summary>
internal sealed class DirectiveHub(DirectiveLoader loader, DirectiveStates states, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, EdgeConnection> _connections = new(StringComparer.Ordinal);

    /// <summary>What is in force for an organization: from memory, after the first time.</summary>
    public async Task<DirectiveState> StateAsync(string organizationId, CancellationToken cancellation) =>
        states.Find(organizationId) ?? states.Merge(await loader.LoadAsync(organizationId, cancellation));

    /// <summary>Puts newer directives in force and tells every connected stream of the organization. Returns how many.</summary>
    public int Publish(DirectiveState newer)
    {
        var state = states.Merge(newer);
        var told = 0;
        foreach (var connection in _connections.Values)
        {
            if (string.Equals(connection.OrganizationId, newer.OrganizationId, StringComparison.Ordinal))
            {
                connection.Offer(state);
                told++;
            }
        }

        return told;
    }

    /// <summary>Makes a stream the live one of its edge. Gives the one that it replaces, if any.</summary>
    public EdgeConnection? Enter(EdgeConnection connection)
    {
        EdgeConnection? replaced = null;
        _connections.AddOrUpdate(connection.EdgeId, connection, (_, older) =>
        {
            replaced = older;
            return connection;
        });

        // A set published between reading the state and entering would otherwise be missed.
        if (states.Find(connection.OrganizationId) is { } newest)
        {
            connection.Offer(newest);
        }

        return replaced;
    }

    /// <summary>Takes a stream out, unless another one has replaced it.</summary>
    public bool Leave(EdgeConnection connection) =>
        _connections.TryRemove(new KeyValuePair<string, EdgeConnection>(connection.EdgeId, connection));

    /// <summary>Whether an edge has a live stream here.</summary>
    public bool IsConnected(string edgeId) => _connections.ContainsKey(edgeId);

    /// <summary>Edges of an organization with a live stream.</summary>
    public IReadOnlyList<string> ConnectedEdges(string organizationId) => _connections.Values
        .Where(connection => string.Equals(connection.OrganizationId, organizationId, StringComparison.Ordinal))
        .Select(connection => connection.EdgeId).ToList();

    /// <summary>A heartbeat to every stream; streams whose token has ended are closed.</summary>
    public void Beat()
    {
        var now = time.GetUtcNow();
        foreach (var connection in _connections.Values)
        {
            if (connection.TokenValidUntil is { } until && until <= now)
            {
                connection.Close("its token ended");
            }
            else
            {
                connection.Beat();
            }
        }
    }

    /// <summary>Tells one edge about its leases, when its stream is here; otherwise it hears with its next exchange.</summary>
    public void Lease(string edgeId, byte[] payload)
    {
        if (_connections.TryGetValue(edgeId, out var connection))
        {
            connection.Lease(payload);
        }
    }

    /// <summary>The tokens of an edge that were valid end at a time: so does a stream that one of them opened.</summary>
    public void LimitTokens(string edgeId, DateTimeOffset until)
    {
        if (_connections.TryGetValue(edgeId, out var connection) && (connection.TokenValidUntil is null || connection.TokenValidUntil > until))
        {
            connection.TokenValidUntil = until;
            if (until <= time.GetUtcNow())
            {
                connection.Close("its token ended");
            }
        }
    }

    /// <summary>Ends every stream: the process stops.</summary>
    public void CloseAll(string cause)
    {
        foreach (var connection in _connections.Values)
        {
            connection.Close(cause);
        }
    }
}
