using System.Collections.Concurrent;
using EdgeGuard.Edge.Bodies;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Keeps <see cref="ServerRequest"/>s for reuse, so that a cached credential costs no allocation.</summary>
internal sealed class IncomingRequests(ClientAddressReader addresses, BodyReader bodies, RequestProbe probe)
{
    private const int MaxKept = 256;

    private readonly ConcurrentQueue<ServerRequest> _kept = new();

    public ServerRequest Rent() => _kept.TryDequeue(out var request) ? request : new ServerRequest(addresses, bodies, probe);

    public void Return(ServerRequest request)
    {
        request.End();
        if (_kept.Count < MaxKept)
        {
            _kept.Enqueue(request);
        }
    }
}
