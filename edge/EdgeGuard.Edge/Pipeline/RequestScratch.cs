using System.Text;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Reusable buffers of one decision: a request as bytes, and its facts. Used by one decision at a time.</summary>
internal sealed class RequestScratch
{
    /// <summary>Longest method; the longest registered one (UPDATEREDIRECTREF) has 17.</summary>
    private const int MaxMethodBytes = 32;

    /// <summary>Longest host: 253 for a name, and room for brackets, port and a closing dot.</summary>
    private const int MaxHostBytes = 300;

    private readonly byte[] _method = new byte[MaxMethodBytes];
    private readonly byte[] _rawHost = new byte[MaxHostBytes];
    private readonly byte[] _host = new byte[MaxHostBytes];
    private readonly byte[] _target = new byte[PathCanonicalizer.MaxTargetBytes];
    private readonly byte[] _path = new byte[PathCanonicalizer.MaxTargetBytes];
    private int _methodLength;
    private int _hostLength;
    private int _targetLength;
    private int _pathLength;
    private int _queryStart;

    public FactSet Facts { get; } = new();

    public ReadOnlySpan<byte> Method => _method.AsSpan(0, _methodLength);

    public ReadOnlySpan<byte> Host => _host.AsSpan(0, _hostLength);

    public ReadOnlySpan<byte> Path => _path.AsSpan(0, _pathLength);

    /// <summary>Query without its question mark.</summary>
    public ReadOnlySpan<byte> Query => _queryStart < 0 ? default : _target.AsSpan(_queryStart, _targetLength - _queryStart);

    /// <summary>Takes a request in; false when it has to be refused as malformed.</summary>
    public bool TryRead(in OriginalRequest request) => TryRead(request.Line);

    /// <summary>Takes a request in; false when it has to be refused as malformed.</summary>
    public bool TryRead(in RequestLine request)
    {
        var target = RequestTarget.OriginForm(request.Target);
        return request.Method.Length > 0

            // Asks for a tunnel to an authority, never for a path (RFC 9110 section 9.3.6).
            && !request.Method.SequenceEqual("CONNECT")
            && Encoding.UTF8.TryGetBytes(request.Method, _method, out _methodLength)
            && Encoding.UTF8.TryGetBytes(request.Host, _rawHost, out var rawHostLength)
            && Encoding.UTF8.TryGetBytes(target, _target, out _targetLength)
            && TryNormalizeHost(rawHostLength)
            && PathCanonicalizer.TryCanonicalize(_target.AsSpan(0, _targetLength), _path, out _pathLength, out _queryStart)
            && RequestTarget.IsSafeQuery(Query);
    }

    /// <summary>
    /// What is forwarded: exactly the path that was matched, and the query as it came but for later values of parameters that were decided on.
    /// </summary>
    public string ForwardedTarget(FactPlan plan)
    {
        var path = PathCanonicalizer.ToTarget(Path);
        if (_queryStart < 0)
        {
            return path;
        }

        if (!plan.NeedsQuery)
        {
            return string.Concat(path, "?", Encoding.UTF8.GetString(Query));
        }

        var kept = new byte[Query.Length];
        var length = RepeatedParameters.Remove(Query, plan, kept);
        return string.Concat(path, "?", Encoding.UTF8.GetString(kept.AsSpan(0, length)));
    }

    private bool TryNormalizeHost(int rawLength)
    {
        _hostLength = HostNormalizer.Normalize(_rawHost.AsSpan(0, rawLength), _host);
        return true;
    }
}
