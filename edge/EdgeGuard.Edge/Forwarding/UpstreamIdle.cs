namespace EdgeGuard.Edge.Forwarding;

/// <summary>Connections to one upstream that a loop keeps idle. Used on the loop's thread.</summary>
internal sealed class UpstreamIdle(UpstreamDestination destination)
{
    private readonly List<UpstreamConnection> _connections = [];

    /// <summary>One that still stands, the one that was used last; null for none.</summary>
    public UpstreamConnection? TryRent()
    {
        while (_connections.Count > 0)
        {
            var connection = _connections[^1];
            _connections.RemoveAt(_connections.Count - 1);
            destination.CountIdle(-1);
            connection.Work();

            // The loop may have been told of its end, and not have come to it yet.
            if (connection.Socket.IsSilent)
            {
                return connection;
            }

            connection.Dispose();
        }

        return null;
    }

    /// <summary>Keeps one whose request is over, if there is room.</summary>
    public void Return(UpstreamConnection connection)
    {
        if (destination.CountIdle(1) > UpstreamDestination.MaxIdle)
        {
            destination.CountIdle(-1);
            connection.Dispose();
            return;
        }

        connection.Rest(this);
        _connections.Add(connection);
    }

    /// <summary>Closes one.</summary>
    public void Drop(UpstreamConnection connection)
    {
        if (_connections.Remove(connection))
        {
            destination.CountIdle(-1);
        }

        connection.Work();
        connection.Dispose();
    }
}
