using System.Net;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Lane;

/// <summary>The head of a request of the lane.</summary>
/// <param name="peer">The connection's peer.</param>
/// <param name="request">The request.</param>
internal readonly struct LaneHead(IPAddress? peer, LaneRequest request) : IRequestHead
{
    /// <inheritdoc />
    public IPAddress? Peer => peer;

    /// <inheritdoc />
    public bool IsTls => false;

    /// <summary>The request.</summary>
    public LaneRequest Request => request;

    /// <inheritdoc />
    public int CountOf(string name) => request.CountOf(name);

    /// <inheritdoc />
    public ReadOnlySpan<char> LineOf(string name, int index) => request.LineOf(name, index);
}
