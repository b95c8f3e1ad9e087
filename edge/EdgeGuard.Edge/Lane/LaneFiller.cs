using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;

namespace EdgeGuard.Edge.Lane;

/// <summary>Passes what the server's parser finds on to a request. A struct, so that the parser is compiled for it.</summary>
internal readonly struct LaneFiller(LaneRequest request) : IHttpRequestLineHandler, IHttpHeadersHandler
{
    /// <inheritdoc />
    public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine) =>
        request.SetLine(versionAndMethod, targetPath.Offset, startLine);

    /// <inheritdoc />
    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => request.Add(name, value);

    /// <inheritdoc />
    public void OnHeadersComplete(bool endStream)
    {
    }

    /// <inheritdoc />
    public void OnStaticIndexedHeader(int index) => throw new NotSupportedException("HTTP/1.1 has no indexed headers.");

    /// <inheritdoc />
    public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => OnStaticIndexedHeader(index);
}
