using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A thread that takes the connections of a listener.</summary>
internal interface ILaneServer
{
    /// <summary>Takes a connection.</summary>
    void Serve(Socket socket);

    /// <summary>Ends all connections as soon as everything is answered that was asked, then the thread; the task ends with it.</summary>
    Task CloseAsync();
}
