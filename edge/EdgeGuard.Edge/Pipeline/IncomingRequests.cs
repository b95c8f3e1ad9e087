using System.Collections.Concurrent;
using EdgeGuard.Edge.Bodies;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Keeps <see cref="IncomingRequest"/>s for reuse, so that a cached credential costs no allocation.</summary>
internal sealed class IncomingRequests(ClientAddressReader addresses, BodyReader bodies, RequestProbe probe)
{
    private const int MaxKept = 256;

    private readonly ConcurrentQueue<IncomingRequest> _kept = new();

    public IncomingRequest Rent() => _kept.TryDequeue(out var request) ? request : new IncomingRequest(addresses, bodies, probe);

    public void Return(IncomingRequest request)
    {
        request.End();
        if (_kept.Count < MaxKept)
        {
            _kept.Enqueue(request);
        }
    }
}
