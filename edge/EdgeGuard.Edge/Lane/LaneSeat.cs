using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A connection's place in a loop.</summary>
internal sealed class LaneSeat(int place, Socket socket, LaneSession session)
{
    /// <summary>Its number.</summary>
    public int Place => place;

    /// <summary>The connection.</summary>
    public Socket Socket => socket;

    /// <summary>What is done with it.</summary>
    public LaneSession Session => session;

    /// <summary>What it waits for.</summary>
    public LaneWants Wants { get; set; } = LaneWants.Read;
}
